import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = dirname(fileURLToPath(import.meta.url));

// Holds rendered charts and manifests to the pack's rules. Built beside the sources, so that packages are found.
const draft = await mkdtemp(join(folder, "check-"));
try {
  const outfile = join(draft, "check.cjs");
  await build({
    ...{ entryPoints: [join(folder, "check.ts")], outfile, bundle: true, logLevel: "error" },
    ...{ platform: "node", format: "cjs", packages: "external" },
  });
  process.exitCode = createRequire(import.meta.url)(outfile).main(process.argv.slice(2));
} finally {
  await rm(draft, { recursive: true, force: true });
}
