import assert from "node:assert/strict";
import type { Registration } from "../../preview/monitor";
import type { Recording } from "../../preview/run-program";
import type { WorkloadSpec } from "../../systems/spec";
import { objects, podOwners, type Manifest } from "./objects";

/** Helpers for tests of a release: its jobs, owners of pods, and dependencies. */

/** The one resource whose name is below the primary region. */
export function named(recording: Recording, name: string): Registration {
  const found = [...recording.resources.values()].filter((each) => each.name === `primary-${name}`);
  assert.equal(found.length, 1, `${found.length} resources primary-${name}`);
  return found[0] as Registration;
}

/** Whether `later` waits for `earlier`, directly or indirectly. */
export function comesAfter(recording: Recording, later: Registration, earlier: Registration): boolean {
  const seen = new Set<string>();
  const queue = [later.urn];
  for (let urn = queue.pop(); urn !== undefined; urn = queue.pop()) {
    if (urn === earlier.urn) return true;
    if (!seen.has(urn)) queue.push(...(recording.resources.get(urn)?.dependencies ?? []));
    seen.add(urn);
  }
  return false;
}

export const jobNames = (recording: Recording) => [...objects(recording, "Job").keys()].sort();

/** The owner of a workload's pods: a Deployment or a Rollout. */
export function podsOf(recording: Recording, { name, namespace }: WorkloadSpec): Registration {
  const found = podOwners(recording).get(`${namespace}/${name}`)?.resource;
  assert.ok(found, `${namespace}/${name} has no pods`);
  return found;
}

interface Pod {
  readonly serviceAccountName: string;
  readonly containers: readonly {
    readonly image: string;
    readonly command?: readonly string[];
    readonly env?: readonly { readonly name: string }[];
  }[];
}

export const podOf = ({ inputs }: Registration): Pod =>
  ((inputs as unknown as Manifest).spec as { template: { spec: Pod } }).template.spec;
