import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { aliasUrn, type OfflineResource, type Planned } from "./plan";
import { canonical } from "./providers/wire";
import { isStateful } from "./stateful";

/** What an engine run received for a new stack. Committed, so previews can be compared with it without the CLI. */
export interface EngineRecord {
  stack: string;
  /** Version of the CLI. */
  cli: string;
  /** Digest of the program and of the stack file. */
  program: string;
  /** Hashes of parent, options, dependencies and inputs, sorted by URN. */
  resources: Hashes;
  /** URNs whose hash is from the offline preview, since no engine has received it yet. Default: none. */
  offline?: string[];
}

/** Hashes by URN. */
export type Hashes = Record<string, string>;

/** Sources of the program: everything that affects what the engine receives. */
const sources = ["index.ts", "config", "systems", "components", "Pulumi.yaml"];

/** Sources of a stack's project, which may be in its own folder with its stack files. */
const sourcesOf = (stack: string) => {
  const [folder = "", name] = stack.split("/");
  return name === undefined ? [...sources, `Pulumi.${stack}.yaml`] : [folder, "config", "components"];
};

/** Path of a stack's record, relative to the repository. */
export const recordFile = (stack: string) => `test/engine/record/${stack}.json`;

/** Digest of the program, its packages, and one stack's file. */
export function programDigest(project: string, stack: string): string {
  const hash = createHash("sha256");
  for (const file of sourcesOf(stack).flatMap((name) => filesIn(path.join(project, name)))) {
    const text = fs.readFileSync(file);
    hash.update(`${path.relative(project, file)} ${text.length}\n`).update(text);
  }
  const { dependencies } = JSON.parse(fs.readFileSync(path.join(project, "package.json"), "utf8")) as {
    dependencies: unknown;
  };
  hash.update(canonical(dependencies));
  return hash.digest("hex");
}

function filesIn(name: string): string[] {
  if (!fs.existsSync(name)) return [];
  if (!fs.statSync(name).isDirectory()) return [name];
  return fs
    .readdirSync(name)
    .sort()
    .flatMap((entry) => filesIn(path.join(name, entry)));
}

/** Hashes of a plan's resources, by URN. */
export function hashes(plan: readonly Planned[]): Hashes {
  const entries = plan.map(
    ({ urn, ...rest }) =>
      [urn, createHash("sha256").update(canonical(rest)).digest("hex").slice(0, 16)] as const,
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The committed record of a stack, if it exists. */
export function readRecord(project: string, stack: string): EngineRecord | undefined {
  const file = path.join(project, recordFile(stack));
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as EngineRecord) : undefined;
}

export function writeRecord(project: string, record: EngineRecord): void {
  const file = path.join(project, recordFile(record.stack));
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`);
}

/** Command that renews a record with the engine. */
export const recordCommand = (stack: string) => `npm run test:engine -- ${stack} --record`;

/** The record with the offline preview's current hashes. Those that differ from the engine's are marked. */
export function renewed(project: string, record: EngineRecord, now: Hashes): EngineRecord {
  const marked = new Set(record.offline);
  const offline = Object.keys(now).filter((urn) => marked.has(urn) || record.resources[urn] !== now[urn]);
  return {
    stack: record.stack,
    cli: record.cli,
    program: programDigest(project, record.stack),
    resources: now,
    ...(offline.length > 0 ? { offline } : {}),
  };
}

/** Differences between a plan and a record: resources that only one has, or that differ. */
export interface Distance {
  added: string[];
  removed: string[];
  changed: string[];
}

export function distance(record: Hashes, now: Hashes): Distance {
  const [before, after] = [Object.keys(record), Object.keys(now)];
  return {
    added: after.filter((urn) => record[urn] === undefined),
    removed: before.filter((urn) => now[urn] === undefined),
    changed: after.filter((urn) => record[urn] !== undefined && record[urn] !== now[urn]),
  };
}

/** Stateful resources of a record that a plan would delete: their URN is missing, and no alias refers to it. */
export function abandoned(record: Hashes, resources: readonly OfflineResource[]): string[] {
  const now = new Set(resources.map(({ urn }) => urn));
  const aliases = new Set(
    resources.flatMap((resource) =>
      (resource.options.aliases ?? []).map((alias) => aliasUrn(alias, resource)),
    ),
  );
  return Object.keys(record).filter((urn) => isStateful(urn) && !now.has(urn) && !aliases.has(urn));
}
