import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const tool = join(__dirname, "..", "..", "tools", "operators.mjs");

/** Path of a program that `npm run tools:operators` builds; undefined: not built. */
export function builtProgram(name: string): string | undefined {
  const { stdout } = spawnSync(process.execPath, [tool, "--where"], { encoding: "utf8" });
  const { [name]: program } = JSON.parse(stdout) as Record<string, { readonly file: string } | undefined>;
  if (program === undefined) throw new Error(`tools/operators.mjs builds no ${name}`);
  return existsSync(program.file) ? program.file : undefined;
}
