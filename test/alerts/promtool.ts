import { spawnSync } from "node:child_process";
import { basename } from "node:path";

/** Runs promtool or amtool and returns its output. Throws with its output if it fails. */
export function run(file: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(file, args, { encoding: "utf8" });
  if (error !== undefined || status !== 0)
    throw new Error(`${basename(file)} ${args.slice(0, 2).join(" ")} failed:\n${stdout}\n${stderr}`);
  return stdout;
}
