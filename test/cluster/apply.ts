import type { Cluster } from "./cluster";
import { ApiError } from "./client";
import { type KubeObject, nameOf } from "./types";

/** The field manager of everything that is applied. Like Pulumi's, it is the same in a second run. */
export const MANAGER = "plinth";

/** What became of one object. */
export interface Applied {
  object: KubeObject;
  name: string;
  /** The server's message, if it refused. */
  refusal?: string;
  warnings: string[];
}

/** Applies each object in turn, with strict field validation. A refused object doesn't stop the others. */
export async function applyAll(cluster: Cluster, objects: readonly KubeObject[]): Promise<Applied[]> {
  const results: Applied[] = [];
  for (const object of objects) results.push(await applyOne(cluster, object));
  return results;
}

async function applyOne(cluster: Cluster, object: KubeObject): Promise<Applied> {
  const name = nameOf(object);
  try {
    const { warnings } = await cluster.apply(object, { manager: MANAGER });
    return { object, name, warnings };
  } catch (error) {
    if (error instanceof ApiError) return { object, name, refusal: error.message, warnings: [] };
    throw error;
  }
}

/**
 * Applies everything a second time and says what changed, or was never kept: a program that is run again on the same
 * input must leave the cluster as it is. Status and bookkeeping don't count, since controllers write there all the time.
 */
export async function applyAgain(cluster: Cluster, objects: readonly KubeObject[]): Promise<Applied[]> {
  const results: Applied[] = [];
  for (const object of objects) {
    const before = await cluster.get(object);
    const applied = await applyOne(cluster, object);
    const after = await cluster.get(object);
    const changed = firstDifference(declared(before), declared(after));
    // Strict as it is, the server takes what a definition has no place for, and then leaves it out.
    const lost = firstLost(kept(object), before);
    const fault = lost === undefined ? changed && `changed by the second apply: ${changed}` : lostWords(lost);
    results.push({ ...applied, ...(fault && !applied.refusal && { refusal: fault }) });
  }
  return results;
}

/** What is the program's own of an object. Controllers keep notes in annotations: the deployment's revision is one. */
function declared(object: KubeObject): unknown {
  const { labels, annotations, generation } = object.metadata;
  const notes = { ...annotations, "deployment.kubernetes.io/revision": undefined };
  return { ...object, status: undefined, metadata: { labels, annotations: notes, generation } };
}

const lostWords = (path: string): string => `given ${path}, which the server didn't keep`;

/** A Secret's texts are given in the clear, and kept encoded. */
function kept(object: KubeObject): unknown {
  return { ...object, stringData: undefined };
}

/** Path of the first field that was given and isn't there, or nothing. What is empty anyhow may be left out. */
export function firstLost(given: unknown, there: unknown, path = ""): string | undefined {
  const isEmpty = isRecord(given) ? Object.keys(given).length === 0 : !given;
  if (there === undefined) return isEmpty ? undefined : path;
  if (!isRecord(given) || !isRecord(there)) return undefined;
  return Object.entries(given)
    .map(([key, value]) => firstLost(value, there[key], `${path}.${key}`))
    .find((found) => found !== undefined);
}

/** Path and both values of the first field that differs, or nothing. */
export function firstDifference(a: unknown, b: unknown, path = ""): string | undefined {
  if (isRecord(a) && isRecord(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
    return keys
      .map((key) => firstDifference(a[key], b[key], `${path}.${key}`))
      .find((found) => found !== undefined);
  }
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left === right ? undefined : `${path} from ${left ?? "nothing"} to ${right ?? "nothing"}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
