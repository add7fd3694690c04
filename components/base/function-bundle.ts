import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";

// Paths are the project's root's, as those of assets are: the CLI and the preview run the program there.

const changedAt = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Whether the bundle is missing, or older than what it is made of. */
function isStale(sources: string, bundle: string): boolean {
  const files = readdirSync(sources).filter((file) => file !== "bin");
  const newest = Math.max(
    ...["package-lock.json", ...files.map((file) => `${sources}/${file}`)].map(changedAt),
  );
  return changedAt(bundle) < newest;
}

/**
 * Path of a Lambda function's bundle, from the project's root. Rebuilt (`build.mjs` in its folder) where it is
 * missing or out of date, so that the CLI neither sends Lambda yesterday's code nor stops for want of a build. Throws
 * when the sources don't build.
 *
 * @param name Folder of the function in `functions/`.
 */
export function functionBundle(name: "rotation" | "pruning" | "search-setup"): string {
  const sources = `functions/${name}`;
  const bundle = `${sources}/bin/index.js`;
  if (isStale(sources, bundle))
    execFileSync(process.execPath, [`${sources}/build.mjs`], { stdio: ["ignore", "ignore", "inherit"] });
  return bundle;
}
