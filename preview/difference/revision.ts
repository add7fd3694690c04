import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { RunError } from "@pulumi/pulumi";

/**
 * The files of a git revision, in a folder that is kept for the next time (`~/.cache/plinth/revisions/<commit>`, or below
 * `XDG_CACHE_HOME`). Its packages are those of `root` where both lock files are equal.
 *
 * @throws RunError if the revision doesn't exist, or needs other packages that aren't installed
 */
export function checkOut(root: string, revision: string): string {
  const commit = commitOf(root, revision);
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "plinth", "revisions");
  const folder = join(cache, commit);
  if (!existsSync(folder)) extract(root, commit, cache, folder);
  if (existsSync(join(folder, "node_modules"))) return folder;
  const lock = (at: string) => readFileSync(join(at, "package-lock.json"), "utf8");
  if (!existsSync(join(folder, "package-lock.json")))
    throw new RunError(`${revision} has no package-lock.json, so it isn't a revision of this project.`);
  if (lock(folder) !== lock(root))
    throw new RunError(
      `${revision} has other packages than this folder (package-lock.json differs). Install them once, then try again:\n  (cd ${folder} && npm ci --ignore-scripts --no-audit --no-fund)`,
    );
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** Runs git; its error output isn't shown. */
const git = (root: string, ...args: readonly string[]) =>
  execFileSync("git", args, { cwd: root, maxBuffer: 2 ** 30, stdio: ["ignore", "pipe", "pipe"] });

function commitOf(root: string, revision: string): string {
  try {
    return git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`)
      .toString()
      .trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new RunError("--against needs git, which isn't on the PATH. Install git.");
    throw new RunError(
      `--against ${revision}: the repository has no such revision. Name a branch, a tag or a commit; a shallow clone needs \`git fetch origin ${revision}\` first.`,
    );
  }
}

/** Written to a temporary folder and then renamed, so that an incomplete one is never used. */
function extract(root: string, commit: string, cache: string, folder: string): void {
  mkdirSync(cache, { recursive: true });
  const draft = mkdtempSync(join(cache, "draft-"));
  try {
    // The project may be a folder of the repository.
    const prefix = git(root, "rev-parse", "--show-prefix").toString().trim();
    execFileSync("tar", ["-x", "-C", draft], { input: git(root, "archive", `${commit}:${prefix}`) });
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}
