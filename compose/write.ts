import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Fault } from "../config/reading/errors";
import { makeFolder } from "../preview/make-folder";
import { ComposeError } from "./fault";
import { mark } from "./text";

/** Other file names that Compose looks for; it uses only one of them. Source: Compose's documentation. */
const others = ["compose.yml", "docker-compose.yaml", "docker-compose.yml"];

function faultsOf(folder: string, files: readonly string[]): Fault[] {
  if (!existsSync(folder)) return [];
  if (!statSync(folder).isDirectory())
    return [{ path: folder, found: "a file", expected: "a folder or a free path; set another with --out" }];
  const mine = (path: string) => statSync(path).isFile() && readFileSync(path, "utf8").startsWith(mark);
  const foreign = files.filter((file) => existsSync(join(folder, file)) && !mine(join(folder, file)));
  const beside = others.filter((file) => existsSync(join(folder, file)));
  return [...foreign, ...beside].map((file) => ({
    path: join(folder, file),
    found: "a file that this command didn't write",
    expected: "move it away, or set another folder with --out",
  }));
}

/**
 * Writes files into a folder, all or none: first into a temporary folder next to it.
 *
 * @throws ComposeError if the folder contains files without the marker line
 */
export function writeAll(folder: string, files: Readonly<Record<string, string>>): void {
  const faults = faultsOf(folder, Object.keys(files));
  if (faults.length > 0) throw new ComposeError(faults);
  let draft: string | undefined;
  try {
    makeFolder(folder);
    draft = mkdtempSync(join(folder, ".plinth-compose-"));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(draft, file), text);
    for (const file of Object.keys(files)) renameSync(join(draft, file), join(folder, file));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ComposeError([
      { path: folder, found: "a folder that can't be written", expected: `set another with --out (${why})` },
    ]);
  } finally {
    if (draft !== undefined) rmSync(draft, { recursive: true, force: true });
  }
}
