import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Command } from "commander";

import { stacksOf } from "../../preview/stacks";
import { addCounts } from "../support/counts";
import { type Assets, findAssets } from "./assets";
import { UserError } from "./errors";
import { type PreviewResource, readFacts } from "./facts";
import { junit, totals } from "./junit";
import { readManifests } from "./manifests";
import { closingLine, LIMITS, stackText } from "./report";
import { runStack, type StackInput, type StackReport } from "./stack-run";
import { builtImages } from "./workloads";

interface Options {
  from?: string;
  junit?: string;
}

/**
 * Runs the cluster test from the command line. Resolves to the exit code: 0 all checks passed, 1 some failed, 2 the
 * test couldn't run.
 *
 * @param root the project's folder
 */
export async function main(root: string, argv: readonly string[]): Promise<number> {
  try {
    const { stacks, options } = parse(root, argv);
    const assets = findAssets();
    // A preview blocks this process, so all come before the first control plane.
    const inputs = stacks.flatMap((stack) => clustersOf(root, stack, assets, options));
    const reports = await testAll(inputs);
    if (options.junit !== undefined) save(options.junit, junit(reports));
    count(reports);
    console.log(`${LIMITS}\n${closingLine(reports)}`);
    return totals(reports).failures === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(error.message);
    return 2;
  }
}

function parse(root: string, argv: readonly string[]): { stacks: string[]; options: Options } {
  const known = stacksOf(root);
  const command = new Command("npm run test:cluster --")
    .description("Applies every manifest of each stack to a real Kubernetes API server.")
    .argument("[stacks...]", `stacks to test. Default: all (${known.join(", ")})`)
    .option(
      "--from <dir>",
      "read the output of `preview --out` in DIR/<stack> instead of running the preview",
    )
    .option("--junit <file>", "also write the results as JUnit XML")
    .parse(argv, { from: "user" });
  const stacks = command.args.length > 0 ? command.args : known;
  const unknown = stacks.filter((stack) => !known.includes(stack));
  if (unknown.length > 0)
    throw new UserError(`No stack ${unknown.join(", ")}; there are: ${known.join(", ")}`);
  return { stacks, options: command.opts<Options>() };
}

/** The clusters that a stack can have, and where `preview --out` writes their manifests. */
const CLUSTERS = [
  { part: "manifests", title: (stack: string) => stack, second: false },
  { part: "manifests-standby", title: (stack: string) => `${stack}, second region`, second: true },
];

/** Previews a stack, and reads the manifests of each of its clusters. */
function clustersOf(root: string, stack: string, assets: Assets, options: Options): StackInput[] {
  const scratch = mkdtempSync(join(tmpdir(), "plinth-preview-"));
  const remove = (): void => rmSync(scratch, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    const folder = options.from === undefined ? preview(root, stack, scratch) : join(options.from, stack);
    const resources = readResources(join(folder, "preview.json"));
    return CLUSTERS.filter(({ part, second }) => !second || existsSync(join(folder, part))).map(
      ({ part, title, second }) => {
        const manifests = readManifests(join(folder, part));
        const own = resources.filter(
          ({ type, name }) => type.startsWith("pulumi:") || name.startsWith("standby-") === second,
        );
        const facts = readFacts(title(stack), own);
        builtImages(
          manifests.map(({ object }) => object),
          facts.account,
        );
        return { stack: title(stack), manifests, facts, assets };
      },
    );
  } finally {
    remove();
    process.off("exit", remove);
  }
}

/**
 * Tests each cluster on a server of its own, as many at a time as there are processors: each mostly waits. Prints a
 * report when it is there, and returns them in the order of the inputs.
 */
async function testAll(inputs: readonly StackInput[]): Promise<StackReport[]> {
  const reports: StackReport[] = [];
  const left = [...inputs.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      const report = await runStack(next[1]);
      reports[next[0]] = report;
      console.log(`${stackText(report)}\n`);
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
  return reports;
}

/** Runs the preview as a user would. Policy violations don't matter here: exit code 1 counts as success. */
function preview(root: string, stack: string, folder: string): string {
  const args = [join(root, "preview", "run.mjs"), stack, "--json", "--out", folder];
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (status === 0 || status === 1) return folder;
  throw new UserError(`The preview of ${stack} failed (exit code ${status ?? "none"}):\n${stderr.trimEnd()}`);
}

function readResources(file: string): PreviewResource[] {
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { resources: PreviewResource[] }).resources;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `${file} can't be read (${why}). Write it with: npm run preview -- <stack> --out DIR`,
    );
  }
}

/** Adds to the counts for `.ci/run`, if requested. */
function count(reports: readonly StackReport[]): void {
  const { tests, failures } = totals(reports);
  addCounts({ passed: tests - failures, failed: failures, skipped: 0 });
}

function save(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
