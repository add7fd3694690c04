import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../preview/start/bundle.mjs";
import { missingPackage } from "../preview/start/missing-package.mjs";

/* Checks rendered charts and manifests. Relative paths start in the folder that npm was called in. */

const folder = dirname(fileURLToPath(import.meta.url));

async function run() {
  const { main } = (await bundle(join(folder, "check.ts")))();
  return main(process.argv.slice(2), process.env.INIT_CWD);
}

// The reader may close the pipe early, as `head` does.
process.stdout.on("error", () => process.exit());
try {
  process.exitCode = await run();
} catch (error) {
  process.stderr.write(missingPackage(error, dirname(folder)) ?? `The policy check failed: ${error.stack}\n`);
  process.exitCode = 3;
}
