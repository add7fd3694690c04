import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { bundle } from "./bundle.mjs";
import { cacheCode } from "./code-cache.mjs";
import { loadLazily } from "./lazy-packages.mjs";

/* Starts the preview of the project in the current folder: bundles it and the program, builds the policy pack. */

const here = dirname(fileURLToPath(import.meta.url));
const root = process.cwd();
const argv = process.argv.slice(2);
const debug = argv.includes("--debug");

async function buildPack() {
  const builder = await import(pathToFileURL(join(root, "policies", "build.mjs")).href);
  await builder.buildPack();
}

/** Lets something start now whose failure is looked at later. */
function early(promise) {
  promise.catch(() => undefined);
  return promise;
}

// Without these, a signal ends this process and leaves the policy pack's behind.
for (const [signal, code] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })) {
  process.once(signal, () => process.exit(code));
}
// The reader may have seen enough, as `head` has.
process.stdout.on("error", () => process.exit(0));
loadLazily();
// `--without code`: read here already, since what loads the rest can't wait for the command line to be read.
if (!(argv.includes("--without") && argv.includes("code"))) cacheCode(dirname(here));
if (debug) process.setSourceMapsEnabled(true);
const pack = early(buildPack());
const program = early(bundle(join(root, "index.ts"), { debug }));
const { main } = (await bundle(join(here, "main.ts"), { debug }))();
const code = await main(argv, { root, pack, program: async () => (await program)() });
// What a failed program left waiting must not keep the process alive.
process.stdout.write("", () => process.exit(code));
