import { Module } from "node:module";
import { dirname, join } from "node:path";
import { bundleText } from "../../tools/bundle.mjs";

/**
 * Bundles a TypeScript module without its packages, and returns a function that runs it and returns its exports.
 * Loading a bundle takes a fraction of the time of transpiling file by file. With `debug`, stack traces refer to the
 * sources.
 */
export async function bundle(entry, { debug = false } = {}) {
  const text = await bundleText(entry, {
    target: "node20",
    packages: "external",
    // `import()` of a package becomes a `require`: see `code-cache.mjs`.
    supported: { "dynamic-import": false },
    sourcemap: debug ? "inline" : false,
  });
  const folder = dirname(entry);
  return () => {
    // As if it were next to its source, so packages resolve from there.
    const filename = join(folder, "[bundle].cjs");
    const module = Object.assign(new Module(filename), { filename, paths: Module._nodeModulePaths(folder) });
    module._compile(text, filename);
    return module.exports;
  };
}
