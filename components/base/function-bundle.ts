import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";

// Paths are relative to the project's root, like those of assets: the CLI and the preview run the program there.

const changedAt = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Whether the bundle is missing or older than its sources. */
function isStale(sources: string, bundle: string): boolean {
  const files = readdirSync(sources).filter((file) => file !== "bin");
  const newest = Math.max(
    ...["package-lock.json", ...files.map((file) => `${sources}/${file}`)].map(changedAt),
  );
  return changedAt(bundle) < newest;
}

/**
 * Path of a Lambda function's bundle, relative to the project's root. A missing or outdated bundle is built first
 * (`build.mjs` in its folder), so the CLI never uploads old code. Throws when the build fails.
 *
 * @param name Folder of the function in `functions/`.
 */
export function functionBundle(
  name: "copy-ages" | "rotation" | "pruning" | "search-setup" | "secret-ages",
): string {
  const sources = `functions/${name}`;
  const bundle = `${sources}/bin/index.js`;
  if (isStale(sources, bundle))
    execFileSync(process.execPath, [`${sources}/build.mjs`], { stdio: ["ignore", "ignore", "inherit"] });
  return bundle;
}
