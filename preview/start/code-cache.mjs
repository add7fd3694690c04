import { Module } from "node:module";
import { dirname, join } from "node:path";
import vm from "node:vm";

import { digest, nodeDigest, readMap, writeMap } from "./cache-file.mjs";

/** Sources with fewer bytes compile faster than their code loads from the cache. */
const WORTH_IT = 2048;

/** Syntax that only Node's own loader supports: a shebang, and `import()`. */
const NOT_CACHED = /^#!|\bimport\s*\(/;

/**
 * From now on, caches the compiled code of all CommonJS modules below `root`, as Node's own cache does from version 22
 * on (`module.enableCompileCache`). Keyed by the source text, Node's version and its flags. Read at the start and, if
 * something new was compiled, written at exit, as a whole: a missing, damaged or replaced file only costs time.
 */
export function cacheCode(root) {
  const folder = join(root, "node_modules", ".cache", "plinth");
  if (Module.enableCompileCache) return void Module.enableCompileCache(join(folder, "code"));
  const file = join(folder, `code-${nodeDigest()}.bin`);
  const known = readMap(file);
  const scripts = new Map();
  let isNew = false;
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (content, filename) {
    if (content.length < WORTH_IT || !filename.startsWith(root) || NOT_CACHED.test(content))
      return compile.call(this, content, filename);
    const source = digest(content);
    const stored = known.get(filename);
    const cachedData = stored?.source === source ? stored.code : undefined;
    const script = new vm.Script(Module.wrap(content), {
      filename,
      cachedData,
    });
    if (cachedData === undefined || script.cachedDataRejected) isNew = true;
    scripts.set(filename, { source, script });
    const run = script.runInThisContext({ displayErrors: true });
    return run.call(this.exports, this.exports, requireOf(this), this, filename, dirname(filename));
  };
  process.once("exit", () => {
    if (!isNew) return;
    const codes = [...scripts].map(([name, { source, script }]) => [
      name,
      { source, code: script.createCachedData() },
    ]);
    // Keep the other entries: another stack may need modules that this one didn't.
    writeMap(file, new Map([...known, ...codes]));
  });
}

/** The `require` that Node would pass to a module. */
function requireOf(module) {
  const require = (request) => module.require(request);
  const resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  resolve.paths = (request) => Module._resolveLookupPaths(request, module);
  return Object.assign(require, {
    resolve,
    main: process.mainModule,
    extensions: Module._extensions,
    cache: Module._cache,
  });
}
