// Builds sets of Go programs, each from a module next to this file, at the version pinned in its go.mod. Each module
// has its own folder in the user's cache, named after its version and a digest of its inputs.
import { existsSync } from "node:fs";
import { join } from "node:path";

import { cache, digest, goBuild, into, pinned, requireGo, sweep } from "./go.mjs";

/**
 * A set of programs: `modules` by folder, each with `from` (the dependency that sets the version), `programs` (the
 * package of each program) and build `tags`.
 */
export function programSet(area, modules) {
  const version = (module) => pinned(module, modules[module].from);
  const folder = (module) =>
    cache(area, `${module}-${version(module)}-${digest([module], JSON.stringify(modules[module]))}`);

  function build(module) {
    const { programs, tags } = modules[module];
    const target = folder(module);
    if (existsSync(target)) sweep(target);
    for (const [name, pkg] of Object.entries(programs))
      into(join(target, name), (out) => goBuild(module, pkg, out, { tags }));
  }

  return {
    /** Each program's file and version. */
    where: () =>
      Object.fromEntries(
        Object.entries(modules).flatMap(([module, { programs }]) =>
          Object.keys(programs).map((name) => [
            name,
            { file: join(folder(module), name), version: version(module) },
          ]),
        ),
      ),
    /**
     * Builds what is missing, in the order of the list, and returns the modules that can't be built.
     *
     * @param otherwise Consequence of a missing Go, for the message.
     * @param names The modules to build. Default: all.
     */
    build(otherwise, names = Object.keys(modules)) {
      requireGo(Object.keys(modules)[0], otherwise);
      return attempted(names, build);
    },
  };
}

/** Calls a function for each name, and returns the names for which it failed. */
export function attempted(names, attempt) {
  return names.filter((name) => {
    try {
      attempt(name);
      return false;
    } catch (error) {
      process.stderr.write(`${error.message}: ${name} is skipped; see the output above\n`);
      return true;
    }
  });
}
