import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { deserialize, serialize } from "node:v8";

import { keepWhole } from "../../tools/write-whole.cjs";

const sha1 = (...parts) => parts.reduce((hash, part) => hash.update(part).update("\0"), createHash("sha1"));

/** A digest of texts, for a file's name or a key. */
export const digest = (...parts) => sha1(...parts).digest("base64url");

/** A digest of what else decides how a module is found and compiled: Node's version and its flags. */
export const nodeDigest = () =>
  digest(process.version, process.arch, process.execArgv.join(" "), process.env.NODE_OPTIONS ?? "");

/** The map in a file of the cache. Empty if the file is missing or damaged. */
export function readMap(file) {
  try {
    const stored = readFileSync(file);
    const [check, body] = [stored.subarray(0, 20), stored.subarray(20)];
    // Compiled code of a damaged file could crash the process: V8's own check isn't enough.
    return sha1(body).digest().equals(check) ? deserialize(body) : new Map();
  } catch {
    return new Map();
  }
}

/** Writes a map for {@link readMap}, if the cache can be written. */
export function writeMap(file, map) {
  const body = serialize(map);
  keepWhole(file, Buffer.concat([sha1(body).digest(), body]));
}
