// Builds sets of Go programs, each from a module beside this file, at the version pinned in its go.mod. Each module has a
// folder of its own in the user's cache, named after its version and a digest of all that decides its content.
import { existsSync } from "node:fs";
import { join } from "node:path";

import { cache, digest, goBuild, into, pinned, requireGo, sweep } from "./go.mjs";

/**
 * A set of programs: `modules` by folder, each with `from`, the dependency that decides the version, `programs`, the
 * package of each program, and build `tags`.
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
     * @param otherwise What is missing without Go, for the message.
     * @param names The modules to build. Default: all.
     */
    build(otherwise, names = Object.keys(modules)) {
      requireGo(Object.keys(modules)[0], otherwise);
      return attempted(names, build);
    },
  };
}

/** Does something with each of several, and says which failed. */
export function attempted(names, attempt) {
  return names.filter((name) => {
    try {
      attempt(name);
      return false;
    } catch (error) {
      process.stderr.write(`${error.message}: ${name} is left out; see the output above\n`);
      return true;
    }
  });
}
