import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { lost } from "./changes";
import { Environment } from "./environment";
import { stepsOf } from "./events";
import type { Lab } from "./lab";
import { failed, unsettled, type Check } from "./lifecycle";
import { Pulumi } from "./pulumi";
import { leaks } from "./state";

/** Runs a wrong program, and returns the faults that were found. */
type Trial = (subject: Subject) => Promise<string[]>;

interface Subject {
  pulumi: Pulumi;
  environment: Environment;
  policies: string | undefined;
}

const up: Trial = async ({ pulumi, policies }) => failed(await pulumi.up({ name: "up", policies }));

/** A trial that starts with a successful `up`. */
const after =
  (trial: Trial): Trial =>
  async (subject) => {
    const faults = failed(await subject.pulumi.up({ name: "up" }));
    return faults.length > 0 ? faults.map((fault) => `the first up failed: ${fault}`) : trial(subject);
  };

const again: Trial = async ({ pulumi }) =>
  unsettled(await pulumi.preview({ name: "again" }, "--expect-no-changes"));

const changed: Trial = async ({ pulumi, environment }) => {
  environment.edit((document) => document.setIn(["config", "wrong:changed"], "changed"));
  return lost(stepsOf((await pulumi.up({ name: "changed" })).events));
};

const hidden: Trial = async ({ pulumi }) => {
  const shown = stepsOf((await pulumi.preview({ name: "preview" })).events).map(({ urn }) => urn);
  const made = stepsOf((await pulumi.up({ name: "up" })).events).map(({ urn }) => urn);
  return made
    .filter((urn) => !shown.includes(urn))
    .map((urn) => `${urn}: created by up, not shown by preview`);
};

const state: Trial = async ({ environment }) =>
  leaks(environment).map(({ around }) => `a secret in clear at ${around}`);

const destroy: Trial = async ({ pulumi }) => failed(await pulumi.destroy({ name: "destroy" }));

interface Fault {
  trial: Trial;
  /** Must match one of the faults. */
  expect: RegExp;
  /** Whether to use the project's policy pack. */
  policies?: true;
}

/** Each wrong program in `wrong/programs.ts`, with the check that must detect it. */
export const faults: Readonly<Record<string, Fault>> = {
  "required input missing": { trial: up, expect: /versioningConfiguration\.status.*required, and missing/s },
  "name too long": { trial: up, expect: /has 65 characters; allowed are 1 to 64/ },
  "made up name too long": { trial: up, expect: /has 37 characters; allowed are 1 to 32/ },
  "unknown argument": { trial: up, expect: /versioningConfiguration\.mfa.*no such argument/s },
  "static parameter at once": { trial: up, expect: /cannot use immediate apply method.*max_connections/ },
  "more idle connections than any": { trial: up, expect: /more than maxConnectionsPercent, 40/ },
  "reference to nothing": { trial: up, expect: /vpc-0123456789abcdef0" doesn't exist/ },
  "name taken": { trial: up, expect: /"taken" already exists/ },
  "custom resource before its definition": { trial: up, expect: /its definition doesn't exist/ },
  "object before its namespace": { trial: up, expect: /namespaces "nowhere" not found/ },
  "claim before its volume": { trial: up, expect: /needs v1\/PersistentVolume "volume"/ },
  "no provider": { trial: up, expect: /Default provider for 'aws' disabled/ },
  "upper case comes back lower": {
    trial: after(again),
    expect: /name is "cache", wanted "Cache"/,
  },
  "default comes back as nothing": { trial: after(again), expect: /parameters is \[\]/ },
  "different each time": { trial: after(again), expect: /tags is .*Made/ },
  "secret in clear": { trial: after(state), expect: /a secret in clear/ },
  "secret in a manifest": { trial: up, expect: /data\.url.*holds a secret/s },
  "hidden from preview": { trial: hidden, expect: /Subnet::subnet: created by up, not shown by preview/ },
  "state replaced": { trial: after(changed), expect: /Instance::db: .*replace.*loses its data/ },
  "state under another name": {
    trial: after(changed),
    expect: /Bucket::bucket: delete, which loses its data/,
  },
  "people asked again": { trial: after(changed), expect: /Topic::topic: .*replace.*loses its data/ },
  "no way to destroy": { trial: after(destroy), expect: /finalSnapshotIdentifier is required/ },
  "policy violated": { trial: up, expect: /restricted Pod Security level/, policies: true },
};

const stack = "wrong";
/** Wrong programs that run concurrently: the CLI mostly waits for its plugins. */
const atOnce = 3;

interface Trials {
  lab: Lab;
  cli: string;
  report: (check: Check) => void;
}

/** Runs every wrong program, and reports those that weren't detected. */
export async function tryFaults({ lab, cli, report }: Trials): Promise<void> {
  const waiting = Object.entries(faults);
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      report(await tryFault(lab, cli, ...next));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function tryFault(lab: Lab, cli: string, name: string, fault: Fault): Promise<Check> {
  const started = Date.now();
  const environment = environmentOf(lab, name);
  const pulumi = new Pulumi(cli, environment);
  await pulumi.init();
  const subject = {
    pulumi,
    environment,
    policies: fault.policies ? path.join(lab.project, "policies") : undefined,
  };
  const answers = await fault.trial(subject);
  const missed = answers.some((answer) => fault.expect.test(answer))
    ? []
    : [`expected ${String(fault.expect)}; found ${answers.length === 0 ? "nothing" : answers.join("\n")}`];
  return { stack, name: `finds: ${name}`, faults: missed, seconds: (Date.now() - started) / 1000, note: "" };
}

function environmentOf(lab: Lab, name: string): Environment {
  const folder = `wrong-${name.replace(/\W+/g, "-")}`;
  const environment = new Environment(lab, path.join(__dirname, "wrong"), stack, folder);
  const config = { "pulumi:disable-default-providers": ["*"], "wrong:program": name };
  fs.writeFileSync(environment.stackFile, stringify({ config }));
  return environment;
}
