import * as path from "node:path";
import { spawnSync } from "node:child_process";
import { findCli, type Found } from "./cli";
import { Lab } from "./lab";
import { Lifecycle, type Check } from "./lifecycle";
import { previewOffline, type Offline } from "./offline";
import type { Planned } from "./plan";
import { abandoned, hashes, programDigest, readRecord, recordFile, writeRecord } from "./record";
import { installedVersion } from "./plugins";
import { allStacksOf } from "../../preview/stacks";
import { addCounts } from "../support/counts";
import { tryFaults } from "./faults";

const usage = `npm run test:engine -- [stack...] [--record] [--no-faults]

Runs every stack, or those given, through preview, up, changes and destroy with the real Pulumi CLI and in-memory
providers, and runs wrong programs, which the same checks must refuse.

  --record     writes test/engine/record/<stack>.json from what the engine received
  --no-faults  skips the wrong programs

Exit codes: 0 passed, or skipped because there is no CLI; 1 failed; 2 invalid command line or unusable CLI.`;

interface Arguments {
  stacks: string[];
  record: boolean;
  faults: boolean;
}

/** Runs the engine test; returns its exit code. */
export async function main(project: string, argv: readonly string[]): Promise<number> {
  const args = parse(project, argv);
  if (typeof args === "string") return say(args, args === usage ? 0 : 2);
  const sdk = installedVersion(path.join(project, "node_modules"), "pulumi");
  const cli = findCli(process.env["PATH"] ?? "", sdk);
  if (cli.kind === "absent") {
    addCounts({ passed: 0, failed: 0, skipped: 1 });
    return say(`test:engine: skipped: ${cli.why}`, 0);
  }
  if (cli.kind === "unusable") return say(`test:engine: ${cli.why}`, 2);
  return run(project, cli, args);
}

function parse(project: string, argv: readonly string[]): Arguments | string {
  if (argv.includes("--help") || argv.includes("-h")) return usage;
  const known = allStacksOf(project);
  const flags = argv.filter((word) => word.startsWith("-"));
  const stacks = argv.filter((word) => !word.startsWith("-"));
  const wrong = [
    ...flags.filter((flag) => !["--record", "--no-faults"].includes(flag)),
    ...stacks.filter((stack) => !known.includes(stack)),
  ];
  if (wrong.length > 0)
    return `test:engine: unknown: ${wrong.join(", ")}; stacks are ${known.join(", ")}\n\n${usage}`;
  return {
    stacks: stacks.length > 0 ? stacks : known,
    record: flags.includes("--record"),
    faults: !flags.includes("--no-faults"),
  };
}

function say(text: string, code: number): number {
  console.log(text);
  return code;
}

async function run(
  project: string,
  cli: Extract<Found, { kind: "found" }>,
  args: Arguments,
): Promise<number> {
  const started = Date.now();
  const lab = new Lab(project);
  console.log(`test:engine: Pulumi ${cli.version}, in-memory providers`);
  lab.installPlugins();
  await lab.startApiServer();
  const checks: Check[] = [];
  const tell = (check: Check) => {
    checks.push(check);
    print(check);
  };
  const policies = path.join(project, "policies");
  if (!buildPolicies(project)) return say("test:engine: the policy pack can't be built: see above", 1);
  for (const stack of args.stacks) {
    // Not at the same time as the engine's run: both build the policy pack.
    const offline = await previewOffline(project, stack).catch((error: Error) => error);
    const before = checks.length;
    const plan = await new Lifecycle({ lab, cli: cli.file, project, stack, policies, report: tell }).run(
      offline,
    );
    const passed = checks.slice(before).every(({ faults }) => faults.length === 0);
    if (args.record) tell(record(project, { stack, cli: cli.version, passed, plan, offline }));
  }
  if (args.faults) await tryFaults({ lab, cli: cli.file, report: tell });
  return summarise(checks, (Date.now() - started) / 1000);
}

interface Run {
  stack: string;
  cli: string;
  passed: boolean;
  plan: readonly Planned[];
  offline: Offline | Error;
}

/** Writes the record of a passed run, unless it would drop a stateful resource. */
function record(project: string, { stack, cli, passed, plan, offline }: Run): Check {
  const check = { stack, name: "record", seconds: 0, note: "" };
  if (!passed || offline instanceof Error) return { ...check, faults: ["not written: a check failed"] };
  const lost = abandoned(readRecord(project, stack)?.resources ?? {}, offline.resources);
  if (lost.length > 0)
    return {
      ...check,
      faults: [
        ...lost.map((urn) => `${urn}: missing, and no alias refers to it`),
        `not written: add aliases; if they should be deleted, remove ${recordFile(stack)} first`,
      ],
    };
  writeRecord(project, { stack, cli, program: programDigest(project, stack), resources: hashes(plan) });
  return { ...check, faults: [], note: recordFile(stack) };
}

/** Builds the pack with the documented command; false if that fails. */
function buildPolicies(project: string): boolean {
  const build = [path.join(project, "policies/build.mjs")];
  return (
    spawnSync(process.execPath, build, { cwd: project, stdio: ["ignore", "ignore", "inherit"] }).status === 0
  );
}

function print({ stack, name, faults, seconds, note }: Check): void {
  const time = seconds === 0 ? "" : `${seconds.toFixed(1)} s`;
  console.log(
    `${faults.length === 0 ? "ok    " : "FAILED"} ${stack.padEnd(10)} ${name.padEnd(40)} ${time.padStart(8)}  ${note}`.trimEnd(),
  );
  for (const fault of faults) console.log(fault.replace(/^/gm, "         "));
}

function summarise(checks: readonly Check[], seconds: number): number {
  const failed = checks.filter(({ faults }) => faults.length > 0).length;
  console.log(
    `test:engine: ${checks.length - failed} passed, ${failed} failed, 0 skipped in ${seconds.toFixed(0)} s`,
  );
  addCounts({ passed: checks.length - failed, failed, skipped: 0 });
  return failed === 0 ? 0 : 1;
}
