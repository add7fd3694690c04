/**
 * Lets `require` load TypeScript, without checking types: `node -r ./tools/typescript.cjs file.ts`, also for mocha. By
 * esbuild, which transpiles the program and its tests in a second; the compiler's own transpiling takes ten. What it
 * makes is cached in `node_modules/.cache/plinth` by the source's digest; the cache may be deleted or damaged.
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { deserialize, serialize } = require("node:v8");
const { loadLazily } = require("../preview/lazy-packages.cjs");

process.setSourceMapsEnabled(true);
loadLazily();

const options = {
  loader: "ts",
  format: "cjs",
  target: "node20",
  sourcemap: "inline",
  sourcesContent: false,
};
const digest = (...parts) =>
  parts.reduce((hash, part) => hash.update(part).update("\0"), createHash("sha1")).digest("base64url");

const { version } = require("esbuild/package.json");
const cache = join(__dirname, "..", "node_modules", ".cache", "plinth", "typescript.bin");
const settings = digest(version, JSON.stringify(options));
const known = read();
let isNew = false;

require.extensions[".ts"] = (module, file) => {
  const source = readFileSync(file, "utf8");
  const key = digest(settings, source);
  let { code } = known.get(file) ?? {};
  if (known.get(file)?.key !== key) {
    // Loaded when needed, since it starts a process.
    ({ code } = require("esbuild").transformSync(source, { ...options, sourcefile: file }));
    known.set(file, { key, code });
    isNew = true;
  }
  module._compile(code, file);
};

process.once("exit", () => {
  if (isNew) write();
});

/** The cached files, by path. Empty without a cache, or with one that isn't as it was written. */
function read() {
  try {
    const stored = readFileSync(cache);
    const [check, body] = [stored.subarray(0, 20), stored.subarray(20)];
    return createHash("sha1").update(body).digest().equals(check) ? deserialize(body) : new Map();
  } catch {
    return new Map();
  }
}

/** Writes the cache as a whole: of two processes that end at once, the last one's stays. */
function write() {
  const body = serialize(known);
  const draft = `${cache}.${process.pid}`;
  try {
    mkdirSync(dirname(cache), { recursive: true });
    writeFileSync(draft, Buffer.concat([createHash("sha1").update(body).digest(), body]));
    renameSync(draft, cache);
  } catch {
    // Without a writable cache, do nothing.
    rmSync(draft, { force: true });
  }
}
