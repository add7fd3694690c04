import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { format, resolveConfig } from "prettier";

const folder = dirname(fileURLToPath(import.meta.url));
const target = join(folder, "..", "docs", "policies.md");

// Writes docs/policies.md from the rules themselves. Built beside the sources, so that packages are found.
const draft = await mkdtemp(join(folder, "docs-"));
try {
  const outfile = join(draft, "table.cjs");
  await build({
    entryPoints: [join(folder, "table.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    packages: "external",
    outfile,
  });
  const { page } = createRequire(import.meta.url)(outfile);
  const options = await resolveConfig(target);
  await writeFile(target, await format(page(), { ...options, filepath: target }));
} finally {
  await rm(draft, { recursive: true, force: true });
}
