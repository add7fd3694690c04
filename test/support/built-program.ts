import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const tools = join(__dirname, "..", "..", "tools");

/** A program that a tool builds. */
export interface Built {
  readonly file: string;
  readonly version: string;
}

const programs = new Map<string, Readonly<Record<string, Built>>>();

/** The programs that a tool builds, such as `operators.mjs`, by name. They may not be built yet. */
export function programsOf(tool: string): Readonly<Record<string, Built>> {
  const known =
    programs.get(tool) ??
    (JSON.parse(
      execFileSync(process.execPath, [join(tools, tool), "--where"], { encoding: "utf8" }),
    ) as Readonly<Record<string, Built>>);
  programs.set(tool, known);
  return known;
}

/** Path of a program that `npm run tools:operators` builds; undefined: not built. */
export function builtProgram(name: string): string | undefined {
  const { [name]: program } = programsOf("operators.mjs");
  if (program === undefined) throw new Error(`tools/operators.mjs builds no ${name}`);
  return existsSync(program.file) ? program.file : undefined;
}
