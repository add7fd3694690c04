import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseAllDocuments } from "yaml";

import type { Cluster } from "./cluster";
import type { Condition, KubeObject } from "./types";

/** Origin of a definition, which determines how reliable its validation is. */
export type Origin = "the project's own" | "written from AWS's guide";

export interface Definition extends KubeObject {
  spec: {
    group: string;
    names: { kind: string; plural: string };
    versions: { name: string; served: boolean }[];
  };
  status?: { conditions?: Condition[] };
}

/** A definition and its origin. */
export interface KnownDefinition {
  definition: Definition;
  origin: Origin;
}

const WRITTEN = join(__dirname, "crds");

/** All definitions that are available to the test: those of `tools/crds`, and Auto Mode's. */
export function readDefinitions(generated: string): KnownDefinition[] {
  return [...read(generated, "the project's own"), ...read(WRITTEN, "written from AWS's guide")];
}

/** The definitions of the kinds of some objects, and no others, since each costs the server time. */
export function definitionsFor(
  objects: readonly KubeObject[],
  known: readonly KnownDefinition[],
): KnownDefinition[] {
  const used = new Set(objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
  const brought = new Set(
    objects.filter(({ kind }) => kind === "CustomResourceDefinition").map((o) => o.metadata.name),
  );
  return known.filter(
    ({ definition: { metadata, spec } }) =>
      !brought.has(metadata.name) &&
      spec.versions.some(({ name }) => used.has(`${spec.group}/${name} ${spec.names.kind}`)),
  );
}

/** Installs definitions and waits until the server serves them all. Throws if it refuses one. */
export async function install(cluster: Cluster, definitions: readonly KnownDefinition[]): Promise<void> {
  for (const { definition } of definitions) await cluster.create(definition);
  await Promise.all(definitions.map(({ definition }) => established(cluster, definition)));
  await cluster.discover();
}

async function established(cluster: Cluster, { apiVersion, kind, metadata }: Definition): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const { status } = await cluster.get<Definition>({ apiVersion, kind, metadata });
    const conditions = status?.conditions ?? [];
    const broken = conditions.find(({ type, status: s }) => type === "NonStructuralSchema" && s === "True");
    if (broken) throw new Error(`${metadata.name}: ${broken.message ?? "no structural schema"}`);
    if (conditions.some(({ type, status: s }) => type === "Established" && s === "True")) return;
    await sleep(100);
  }
  throw new Error(`${metadata.name} was not served within 10 s`);
}

function read(folder: string, origin: Origin): KnownDefinition[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .flatMap((name) => parseAllDocuments(readFileSync(join(folder, name), "utf8")))
    .map((document) => ({ definition: document.toJS() as Definition, origin }));
}
