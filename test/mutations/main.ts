import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PackModule } from "../../preview/analyzer/module";
import { PackProcess } from "../../preview/analyzer/process";
import { foundationOf, foundations } from "../support/foundations";
import { recordingOf } from "../support/recordings";
import { stacks } from "../support/stacks";
import { casesOf, Judge, type Outcome } from "./judge";
import { acceptedKey, compare, report, type Accepted } from "./report";

const root = join(__dirname, "../..");
const file = join(__dirname, "accepted.json");

const options: readonly string[] = ["--process", "--each", "--out"];

/** `npm run test:mutations [-- --process] [--each N] [--out FILE]`. */
async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((word) => word.startsWith("-") && !options.includes(word));
  if (unknown !== undefined) {
    process.stdout.write("Usage: npm run test:mutations [-- --process] [--each N] [--out FILE]\n");
    return ["--help", "-h"].includes(unknown) ? 0 : 2;
  }
  const option = (name: string) => args[args.indexOf(name) + 1];
  const each = args.includes("--each") ? Number(option("--each")) : 3;
  execFileSync(process.execPath, [join(root, "policies", "build.mjs")]);
  const folder = join(root, "policies");
  const pack = args.includes("--process") ? new PackProcess(folder) : new PackModule(folder);
  const outcomes: Outcome[] = [];
  const recordings = [
    ...stacks.map((stack) => [stack, () => recordingOf(stack)] as const),
    ...foundations.map(
      (stack) => [`foundation/${stack}`, async () => (await foundationOf(stack)).recording] as const,
    ),
  ];
  for (const [stack, record] of recordings) {
    const resources = [...(await record()).resources.values()];
    const judge = await Judge.of(await pack.analyzer, stack, resources);
    for (const alarm of judge.alarms) process.stdout.write(`false alarm on ${stack}: ${alarm}\n`);
    for (const one of casesOf(resources, each)) outcomes.push(await judge.judge(one));
  }
  pack.kill();
  if (args.includes("--out")) writeFileSync(option("--out") ?? "", JSON.stringify(outcomes, null, 1));
  const accepted = JSON.parse(readFileSync(file, "utf8")) as Accepted[];
  process.stdout.write(report(outcomes, accepted));
  const { unreviewed, stale } = compare(outcomes, accepted);
  for (const one of unreviewed) process.stdout.write(`not reviewed: ${acceptedKey(one)}\n`);
  for (const one of stale) process.stdout.write(`accepted, but caught now: ${acceptedKey(one)}\n`);
  return unreviewed.length + stale.length > 0 ? 1 : 0;
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
