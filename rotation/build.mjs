import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = dirname(fileURLToPath(import.meta.url));

/**
 * Bundles the rotation function into `rotation/bin/index.js`, which the program sends to Lambda. AWS's SDK stays
 * outside: the runtime has it. The same sources and packages give the same file, so an update changes no function
 * that hasn't changed. Throws esbuild's error when the sources do not parse or a package is missing.
 */
export async function buildRotation() {
  const target = join(folder, "bin", "index.js");
  const { outputFiles } = await build({
    entryPoints: [join(folder, "index.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    // pg's native binding, its client for another platform, and what is only for a terminal.
    external: ["@aws-sdk/*", "pg-native", "cloudflare:sockets"],
    minifySyntax: true,
    legalComments: "none",
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
    await buildRotation();
  } catch (error) {
    process.stderr.write(`The rotation function could not be built: ${error.message}\n`);
    process.exitCode = 1;
  }
}
