import { Module } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { bundle } from "../preview/start/bundle.mjs";
import { loadLazily } from "../preview/start/lazy-packages.cjs";
import { missingPackage } from "../preview/start/missing-package.mjs";

/* Starts the preflight of the project in the folder above this one, wherever it was called. */

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);

async function run() {
  for (const name of ["esbuild", "@pulumi/pulumi"]) Module.createRequire(import.meta.url).resolve(name);
  loadLazily();
  process.chdir(root);
  const { main } = (await bundle(join(here, "main.ts")))();
  return main(process.argv.slice(2), root);
}

// The reader may close the pipe early, as `head` does.
process.stdout.on("error", () => process.exit(0));
let code = 3;
try {
  code = await run();
} catch (error) {
  process.stderr.write(missingPackage(error, root) ?? `The preflight failed: ${error.stack}\n`);
}
process.stdout.write("", () => process.exit(code));
