import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..", "..");

interface Program {
  readonly file: string;
}

/** Path of a program built by `npm run tools:operators`; undefined: not built. */
export function builtProgram(name: "prometheus" | "promtool"): string | undefined {
  const { stdout } = spawnSync(process.execPath, [join(root, "tools", "operators.mjs"), "--where"], {
    encoding: "utf8",
  });
  const { [name]: program } = JSON.parse(stdout) as Record<string, Program | undefined>;
  return program !== undefined && existsSync(program.file) ? program.file : undefined;
}

/** Runs promtool. Throws with its output when it fails. */
export function run(file: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(file, args, { encoding: "utf8" });
  if (error !== undefined || status !== 0)
    throw new Error(`promtool ${args.slice(0, 2).join(" ")} failed:\n${stdout}\n${stderr}`);
  return stdout;
}
