import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/** Result of the search for a usable CLI. */
export type Found =
  | { kind: "found"; file: string; version: string }
  /** There is no CLI: the test is skipped, which isn't a failure. */
  | { kind: "absent"; why: string }
  /** There is a CLI that can't run this program. */
  | { kind: "unusable"; why: string };

/** The programs that a run needs. */
const needed = ["pulumi", "pulumi-language-nodejs"] as const;

/**
 * Looks for the Pulumi CLI.
 *
 * @param searchPath Folders as in `PATH`.
 * @param sdk Version of `@pulumi/pulumi`.
 */
export function findCli(searchPath: string, sdk: string): Found {
  const [cli, language] = needed.map((name) => onPath(searchPath, name));
  if (cli === undefined) return { kind: "absent", why: "no pulumi on the PATH" };
  if (language === undefined && onPath(path.dirname(cli), needed[1]) === undefined)
    return {
      kind: "unusable",
      why: `${cli} has no ${needed[1]} next to it or on the PATH; install the whole release`,
    };
  return judge(cli, versionOf(cli), sdk);
}

/** A CLI supports the SDKs of its own and of older releases. */
function judge(file: string, version: string | undefined, sdk: string): Found {
  if (version === undefined) return { kind: "unusable", why: `${file} doesn't print its version` };
  if (compareVersions(version, sdk) < 0)
    return {
      kind: "unusable",
      why: `${file} is version ${version}, older than the SDK (@pulumi/pulumi ${sdk}); install ${sdk} or newer`,
    };
  return { kind: "found", file, version };
}

function versionOf(file: string): string | undefined {
  try {
    const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const answer = execFileSync(file, ["version"], {
      encoding: "utf8",
      env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    return /^v?(\d+\.\d+\.\d+)/.exec(answer.trim())?.[1];
  } catch {
    return undefined;
  }
}

/** Negative if `a` is older than `b`. Both are `1.2.3`; suffixes are ignored. */
export function compareVersions(a: string, b: string): number {
  const numbers = (version: string) => version.split(/[.+-]/).slice(0, 3).map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  const at = left.findIndex((number, i) => number !== right[i]);
  return at === -1 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}

function onPath(searchPath: string, name: string): string | undefined {
  const files = searchPath.split(path.delimiter).map((folder) => path.join(folder, name));
  return files.find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
