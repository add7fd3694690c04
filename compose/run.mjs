import { existsSync } from "node:fs";
import { Module } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { bundle } from "../preview/start/bundle.mjs";
import { loadLazily } from "../preview/start/lazy-packages.cjs";
import { missingPackage } from "../preview/start/missing-package.mjs";

/* Starts the writer of Compose files. The project is the folder above this one; relative paths start where it was called. */

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const startedIn = process.env.INIT_CWD ?? process.cwd();

async function run() {
  for (const name of ["esbuild", "commander", "@pulumi/pulumi"])
    if (!existsSync(join(root, "node_modules", name))) Module.createRequire(import.meta.url).resolve(name);
  loadLazily();
  // Paths of the stack file start at the project.
  process.chdir(root);
  const { main } = (await bundle(join(here, "main.ts")))();
  return main(process.argv.slice(2), { root, startedIn });
}

// The reader may close the pipe early, as `head` does.
process.stdout.on("error", () => process.exit(0));
let code = 3;
try {
  code = await run();
} catch (error) {
  process.stderr.write(missingPackage(error, root) ?? `No Compose file can be written: ${error.stack}\n`);
}
process.stdout.write("", () => process.exit(code));
