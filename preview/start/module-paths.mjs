import { readFileSync } from "node:fs";
import { Module } from "node:module";
import { dirname, join, sep } from "node:path";

import { digest, nodeDigest, readMap, writeMap } from "./cache-file.mjs";

/**
 * From now on, caches the file of a package that each `require` resolves to: resolving takes Node a third of the SDKs'
 * load time. The key is npm's list of installed packages, which each installation rewrites; without that list, nothing
 * is remembered. Only files below `root`'s `node_modules` are, so never one of the project.
 */
export function rememberPaths(root) {
  const packages = join(root, "node_modules") + sep;
  let installed;
  try {
    installed = readFileSync(`${packages}.package-lock.json`);
  } catch {
    return;
  }
  const file = join(packages, ".cache", "plinth", `paths-${digest(nodeDigest(), installed)}.bin`);
  const known = readMap(file);
  let isNew = false;
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (request, parent, isMain, options) {
    const key = options === undefined && parent?.filename && `${dirname(parent.filename)}\0${request}`;
    const path = known.get(key);
    if (path !== undefined) return path;
    const found = resolve.call(this, request, parent, isMain, options);
    if (key && found.startsWith(packages)) {
      isNew = true;
      known.set(key, found);
    }
    return found;
  };
  process.once("exit", () => {
    if (isNew) writeMap(file, known);
  });
}
