import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { missingPackage } from "../preview/missing-package.mjs";

const folder = dirname(fileURLToPath(import.meta.url));

// Holds rendered charts and manifests to the pack's rules. Built beside the sources, so that packages are found.
async function run() {
  const { build } = await import("esbuild");
  const draft = await mkdtemp(join(folder, "check-"));
  try {
    const outfile = join(draft, "check.cjs");
    await build({
      ...{ entryPoints: [join(folder, "check.ts")], outfile, bundle: true, logLevel: "error" },
      ...{ platform: "node", format: "cjs", packages: "external" },
    });
    return createRequire(import.meta.url)(outfile).main(process.argv.slice(2), process.env.INIT_CWD);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

// The reader may close the pipe early, as `head` does.
process.stdout.on("error", () => process.exit());
try {
  process.exitCode = await run();
} catch (error) {
  const missing = missingPackage(error, dirname(folder));
  if (missing === undefined) throw error;
  process.stderr.write(missing);
  process.exitCode = 3;
}
