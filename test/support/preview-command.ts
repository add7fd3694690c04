import { spawn } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "..", "..");

/** How a preview ended, and what it printed. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `npm run preview -- <stack> --json` in a project's folder, with the preview's own code from `code`. */
export async function preview(
  folder: string,
  stack: string,
  args: readonly string[] = [],
  code = root,
): Promise<Outcome> {
  const child = spawn(process.execPath, [join(code, "preview", "run.mjs"), stack, "--json", ...args], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1" },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const exit = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code: exit, stdout, stderr };
}

const previews = new Map<string, Promise<Outcome>>();

/** The same without options. Each stack is previewed once for all tests. */
export function previewOnce(folder: string, stack: string): Promise<Outcome> {
  const key = join(folder, stack);
  const known = previews.get(key) ?? preview(folder, stack);
  previews.set(key, known);
  return known;
}
