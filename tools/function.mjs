import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";

/**
 * Bundles a Lambda function, `index.ts` of a folder, into `bin/index.js` beside it, which the program sends to Lambda.
 * AWS's SDK stays outside: the runtime has it. The same sources and packages give the same file, so an update changes
 * no function that hasn't changed. Throws esbuild's error when the sources do not parse or a package is missing.
 *
 * @param {string} folder
 * @param {readonly string[]} [external] Further packages that stay outside.
 */
export async function buildFunction(folder, external = []) {
  const target = join(folder, "bin", "index.js");
  const { outputFiles } = await build({
    entryPoints: [join(folder, "index.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    external: ["@aws-sdk/*", ...external],
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

/** Builds it as a command of its own: one line when it fails. */
export async function buildAsCommand(what, make) {
  try {
    await make();
  } catch (error) {
    process.stderr.write(`The ${what} function could not be built: ${error.message}\n`);
    process.exitCode = 1;
  }
}
