import { Module } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";

/**
 * Bundles a TypeScript module in memory, its packages left outside, and returns a function that runs it and
 * returns its exports. A bundle loads in a fraction of the time that transpiling file by file takes, and in
 * memory no two previews can meet. With `debug`, stack traces show the sources.
 */
export async function bundle(entry, { debug = false } = {}) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    packages: "external",
    write: false,
    sourcemap: debug ? "inline" : false,
    logLevel: "silent",
  });
  const folder = dirname(entry);
  return () => {
    // As if it stood beside its source: packages resolve from there.
    const filename = join(folder, "[bundle].cjs");
    const module = Object.assign(new Module(filename), { filename, paths: Module._nodeModulePaths(folder) });
    module._compile(outputFiles[0].text, filename);
    return module.exports;
  };
}
