import { existsSync } from "node:fs";
import { Module } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { bundle } from "./start/bundle.mjs";
import { cacheCode } from "./start/code-cache.mjs";
import { loadLazily } from "./start/lazy-packages.cjs";
import { missingPackage } from "./start/missing-package.mjs";
import { rememberPaths } from "./start/module-paths.mjs";

/* Starts the preview: finds the project, bundles it and the preview, builds the policy pack. */

const here = dirname(fileURLToPath(import.meta.url));
// npm starts scripts at the root, and says where it was called itself.
const { npm_lifecycle_event: script, INIT_CWD: calledIn } = process.env;
const startedIn = (script === "preview" && calledIn) || process.cwd();
const root = projectAbove(startedIn) ?? dirname(here);
const argv = process.argv.slice(2);
const debug = argv.includes("--debug");

/** The repository: the given folder, or its nearest parent, with `Pulumi.yaml` and the policy pack. */
function projectAbove(folder) {
  if (["Pulumi.yaml", "policies"].every((name) => existsSync(join(folder, name)))) return folder;
  return dirname(folder) === folder ? undefined : projectAbove(dirname(folder));
}

async function buildPack() {
  const builder = await import(pathToFileURL(join(root, "policies", "build.mjs")).href);
  await builder.buildPack();
}

/** Starts something now whose failure is handled later. */
function early(promise) {
  promise.catch(() => undefined);
  return promise;
}

async function run() {
  for (const name of ["esbuild", "commander", "@pulumi/pulumi"])
    Module.createRequire(import.meta.url).resolve(name);
  loadLazily();
  // Needed before the command line is parsed, to load the rest. Only Node's own loader supports source maps.
  if (debug) process.setSourceMapsEnabled(true);
  else if (!(argv.includes("--without") && argv.includes("code"))) {
    rememberPaths(dirname(here));
    cacheCode(dirname(here));
  }
  // The program's relative paths start at its project: the root's, or that of the folder in the stack's name.
  const [, folder = "."] = /^([\w-]+)\//.exec(argv.find((word) => !word.startsWith("-")) ?? "") ?? [];
  const project = existsSync(join(root, folder, "Pulumi.yaml")) ? join(root, folder) : root;
  process.chdir(project);
  const pack = early(buildPack());
  const program = early(bundle(join(project, "index.ts"), { debug }));
  const { main } = (await bundle(join(here, "main.ts"), { debug }))();
  return main(argv, { root, startedIn, pack, program: async () => (await program)() });
}

// Otherwise a signal ends this process but not the policy pack's.
for (const [signal, code] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })) {
  process.once(signal, () => process.exit(code));
}
// The reader may close the pipe early, as `head` does.
process.stdout.on("error", () => process.exit(0));
let code = 3;
try {
  code = await run();
} catch (error) {
  const why = debug ? error.stack : `${error.message}\nAdd --debug to see where.`;
  process.stderr.write(missingPackage(error, dirname(here)) ?? `The preview can't start: ${why}\n`);
}
// Pending work of a failed program must not keep the process running.
process.stdout.write("", () => process.exit(code));
