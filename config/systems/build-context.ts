import { createHash, type Hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";

/** Folders that are never part of an image: git's data changes with every commit. */
const always = [".git"];

export const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
export const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/**
 * Plain names at the context's top that `.dockerignore` excludes. Patterns count as not ignored: hashing too much only
 * runs the gates once more, hashing too little would release a new version without them.
 */
function ignored(context: string): string[] {
  const file = join(context, ".dockerignore");
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  const rules = lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  if (rules.some((rule) => rule.startsWith("!"))) return always;
  const names = rules.map((rule) => rule.replace(/^\/|\/$/g, ""));
  return [...always, ...names.filter((name) => /^[\w.-]+$/.test(name) && name !== "." && name !== "..")];
}

function add(hash: Hash, folder: string, skip: readonly string[]): void {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !skip.includes(name));
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    hash.update(`${entry.isDirectory() ? "folder" : "file"} ${entry.name}\n`);
    if (entry.isDirectory()) add(hash, path, []);
    else if (entry.isSymbolicLink()) hash.update(readlinkSync(path));
    else if (entry.isFile()) hash.update(createHash("sha256").update(readFileSync(path)).digest());
    hash.update("\n");
  }
}

/**
 * Hexadecimal digest of everything that an image is built from: the context's files, the Dockerfile and the build
 * arguments. It is known before the image is built, so names can contain it.
 */
export function contextDigest(context: string, dockerfile: string, more: unknown): string {
  const hash = createHash("sha256").update(JSON.stringify(more));
  hash.update(readFileSync(dockerfile));
  add(hash, context, ignored(context));
  return hash.digest("hex");
}
