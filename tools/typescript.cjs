/**
 * Lets `require` load TypeScript, without checking types: `node -r ./tools/typescript.cjs file.ts`, also for mocha. By
 * esbuild, which transpiles the program and its tests in a second; the compiler's own transpiling takes ten.
 */
const { readFileSync } = require("node:fs");
const { transformSync } = require("esbuild");

process.setSourceMapsEnabled(true);

require.extensions[".ts"] = (module, file) => {
  const { code } = transformSync(readFileSync(file, "utf8"), {
    loader: "ts",
    format: "cjs",
    target: "node20",
    sourcefile: file,
    sourcemap: "inline",
    sourcesContent: false,
  });
  module._compile(code, file);
};
