import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Creates a folder and its parents, and returns those that it created, the innermost first. One by one, since Node's
 * own recursive creation never ends in file systems such as /proc.
 *
 * @param made receives the folders as they are created, also if one of them fails
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
