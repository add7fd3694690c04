import type { Cluster } from "./cluster";
import { ApiError } from "./client";
import { type KubeObject, nameOf } from "./types";

/** Field manager of all applied objects. Like Pulumi's, it is the same in every run. */
export const MANAGER = "plinth";

/** Result for one object. */
export interface Applied {
  object: KubeObject;
  name: string;
  /** The server's message, if it refused. */
  refusal?: string;
  warnings: string[];
}

/** Applies each object with strict field validation. A refused object doesn't stop the others. */
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
 * Applies everything a second time and reports what changed or was never stored: running the program again on the same
 * input must not change the cluster. Status and managed metadata don't count, since controllers write them all the
 * time.
 */
export async function applyAgain(cluster: Cluster, objects: readonly KubeObject[]): Promise<Applied[]> {
  const results: Applied[] = [];
  for (const object of objects) {
    const before = await cluster.get(object);
    const applied = await applyOne(cluster, object);
    const after = await cluster.get(object);
    const changed = firstDifference(declared(before), declared(after));
    // Even with strict validation the server accepts some fields outside of the definition, and drops them.
    const lost = firstLost(kept(object), before);
    const fault = lost === undefined ? changed && `changed by the second apply: ${changed}` : lostWords(lost);
    results.push({ ...applied, ...(fault && !applied.refusal && { refusal: fault }) });
  }
  return results;
}

/** The fields of an object that the program sets. Controllers add annotations, such as the deployment's revision. */
function declared(object: KubeObject): unknown {
  const { labels, annotations, generation } = object.metadata;
  const notes = { ...annotations, "deployment.kubernetes.io/revision": undefined };
  return { ...object, status: undefined, metadata: { labels, annotations: notes, generation } };
}

const lostWords = (path: string): string => `given ${path}, which the server didn't keep`;

/** Converts a Secret's `stringData` to the encoded form in which it is stored. */
function kept(object: KubeObject): unknown {
  return { ...object, stringData: undefined };
}

/** Path of the first given field that is missing, or nothing. Empty values may be missing. */
export function firstLost(given: unknown, there: unknown, path = ""): string | undefined {
  const isEmpty = isRecord(given) ? Object.keys(given).length === 0 : !given;
  if (there === undefined) return isEmpty ? undefined : path;
  if (!isRecord(given) || !isRecord(there)) return undefined;
  return Object.entries(given)
    .map(([key, value]) => firstLost(value, there[key], `${path}.${key}`))
    .find((found) => found !== undefined);
}

/** Path and both values of the first difference, or nothing. */
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
