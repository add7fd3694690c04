import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and its parents, and returns those that it made, the innermost first. One by one: Node's own recursive
 * way never ends where the system answers as /proc does.
 *
 * @param made gets the folders as they are made, also where one of them fails
 */
export function makeFolder(folder: string, made: string[] = []): readonly string[] {
  for (const missing of missingFolders(folder)) {
    mkdirSync(missing);
    made.unshift(missing);
  }
  return made;
}

/** The folders that aren't there yet, from the outside in. */
function missingFolders(folder: string): string[] {
  if (existsSync(folder)) return [];
  return [...missingFolders(dirname(folder)), folder];
}
