/**
 * Lets `require` load TypeScript without checking types: `node -r ./tools/typescript.cjs file.ts`, also for mocha. Uses
 * esbuild, which transpiles the program and its tests in a second; the compiler's own transpiling takes ten.
 *
 * Results are cached in `node_modules/.cache/plinth/transpiled`, one file for each source, until that source or
 * esbuild changes: test processes and the next run read them without esbuild.
 */
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { keepWhole } = require("./write-whole.cjs");

process.setSourceMapsEnabled(true);

const cache = join(__dirname, "..", "node_modules", ".cache", "plinth", "transpiled");
const digest = (...parts) =>
  parts.reduce((hash, part) => hash.update(part).update("\0"), createHash("sha256")).digest("hex");

/** Inputs of transpiling, besides the source. */
const rules = digest(require("esbuild/package.json").version, readFileSync(__filename));

function transpiled(file) {
  const source = readFileSync(file, "utf8");
  const made = digest(rules, source);
  const kept = join(cache, digest(file).slice(0, 32));
  try {
    const text = readFileSync(kept, "utf8");
    const [head, code] = [text.slice(0, 129), text.slice(130)];
    if (head === `${made} ${digest(code)}`) return code;
  } catch {
    // None yet.
  }
  const { code } = require("esbuild").transformSync(source, {
    loader: "ts",
    format: "cjs",
    target: "node20",
    sourcefile: file,
    sourcemap: "inline",
    sourcesContent: false,
  });
  keepWhole(kept, `${made} ${digest(code)}\n${code}`);
  return code;
}

require.extensions[".ts"] = (module, file) => module._compile(transpiled(file), file);
