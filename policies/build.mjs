import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = dirname(fileURLToPath(import.meta.url));

/**
 * Bundles the policy pack into `policies/bin/index.js`, which is what its `package.json` names as main.
 * Packages stay outside the bundle. The file appears whole or not at all, so that a pack that starts at the
 * same moment never reads half of it. Throws esbuild's error when the sources do not parse.
 */
export async function buildPack() {
  const target = join(folder, "bin", "index.js");
  const { outputFiles } = await build({
    entryPoints: [join(folder, "index.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    packages: "external",
    write: false,
    logLevel: "silent",
  });
  await mkdir(dirname(target), { recursive: true });
  const draft = `${target}.${process.pid}`;
  try {
    await writeFile(draft, outputFiles[0].contents);
    await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await buildPack();
  } catch (error) {
    process.stderr.write(`The policy pack could not be built: ${error.message}\n`);
    process.exitCode = 1;
  }
}
