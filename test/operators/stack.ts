import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Document, isMap, parseDocument } from "yaml";

import { UserError } from "../cluster/errors";
import { type PreviewResource, readFacts, type StackFacts } from "../cluster/facts";
import { readManifests } from "../cluster/manifests";
import type { KubeObject } from "../cluster/types";
import { largestStack } from "../support/stack-files";

/** A value below `plinth:systems` of the stack file, by its path: `asset-management.workloads.api.image`. */
export type Settings = Readonly<Record<string, unknown>>;

/** Objects that a stack renders. */
export interface Rendered {
  objects: KubeObject[];
  facts: StackFacts;
  releases: ChartRelease[];
}

/** A chart that a stack installs. */
export interface ChartRelease {
  chart: string;
  version: string;
  /** URL of the repository. */
  repository: string;
}

/** The stack that is rendered. */
export const STACK = largestStack(join(__dirname, "..", ".."));

/** Files and folders that aren't linked into a copy of the project. */
const OWN = new Set([`Pulumi.${STACK}.yaml`, ".git"]);

/** Renders production with changed settings: the offline preview of a copy of the project with another stack file. */
export async function render(root: string, settings: Settings): Promise<Rendered> {
  const copy = mkdtempSync(join(tmpdir(), "plinth-operators-"));
  const remove = (): void => rmSync(copy, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    for (const name of readdirSync(root)) if (!OWN.has(name)) symlinkSync(join(root, name), join(copy, name));
    const file = `Pulumi.${STACK}.yaml`;
    writeFileSync(join(copy, file), changed(readFileSync(join(root, file), "utf8"), settings));
    return await preview(root, copy);
  } finally {
    remove();
    process.off("exit", remove);
  }
}

function changed(text: string, settings: Settings): string {
  const document = parseDocument(text);
  // A scenario's settings, such as one NATS server, needn't meet the recovery objectives.
  const systems = document.getIn(["config", "plinth:systems"]);
  for (const { key } of isMap(systems) ? systems.items : [])
    document.deleteIn(["config", "plinth:systems", String(key), "objectives", "recovery"]);
  set(document, settings);
  return document.toString();
}

/** Changes settings in a stack file's document. Throws a UserError if the file has no such path. */
export function set(document: Document, settings: Settings): void {
  for (const [path, value] of Object.entries(settings)) {
    const keys = ["config", "plinth:systems", ...path.split(".")];
    if (!document.hasIn(keys.slice(0, -1)))
      throw new UserError(`Pulumi.${STACK}.yaml has no ${keys.slice(0, -1).join(".")} to set ${path} in`);
    document.setIn(keys, value);
  }
}

/** Policy violations don't matter here: exit code 1 counts as success. */
async function preview(root: string, copy: string): Promise<Rendered> {
  const out = join(copy, "rendered");
  const args = [join(root, "preview", "run.mjs"), STACK, "--json", "--out", out];
  const child = spawn(process.execPath, args, { cwd: copy, stdio: ["ignore", "ignore", "pipe"] });
  const kill = (): boolean => child.kill("SIGKILL");
  process.once("exit", kill);
  const said: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  const [status] = (await once(child, "close")) as [number | null];
  process.off("exit", kill);
  if (status !== 0 && status !== 1) {
    const words = Buffer.concat(said).toString("utf8").trimEnd();
    throw new UserError(`The preview of ${STACK} failed (exit code ${status ?? "none"}):\n${words}`);
  }
  const { resources } = JSON.parse(readFileSync(join(out, "preview.json"), "utf8")) as {
    resources: PreviewResource[];
  };
  return {
    objects: readManifests(join(out, "manifests")).map(({ object }) => deployed(object)),
    facts: readFacts(STACK, resources),
    releases: resources.filter(({ type }) => type === "kubernetes:helm.sh/v3:Release").map(releaseOf),
  };
}

function releaseOf({ inputs }: PreviewResource): ChartRelease {
  const { chart, version, repositoryOpts } = inputs as Record<"chart" | "version", string> & {
    repositoryOpts: { repo: string };
  };
  return { chart, version, repository: repositoryOpts.repo };
}

interface Triggered {
  triggers: { metadata: Record<string, string> }[];
}

/** URL of the only SQS queue that scales a workload. */
export const QUEUE_URL =
  "https://sqs.ap-northeast-2.amazonaws.com/333333333333/plinth-prod-asset-management-tasks";

/** A queue's URL is known only after its creation: KEDA refuses the preview's placeholder. */
function deployed(object: KubeObject): KubeObject {
  if (object.kind !== "ScaledObject") return object;
  for (const { metadata } of (object.spec as Triggered).triggers)
    if (metadata.queueURL !== undefined) metadata.queueURL = QUEUE_URL;
  return object;
}
