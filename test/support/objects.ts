import type { Registration } from "../../preview/monitor";
import type { Recording } from "../../preview/run-program";
import { inputsOf, type Metadata } from "./inputs";

/** The manifest of a Kubernetes resource. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec?: Record<string, unknown>;
  readonly data?: Record<string, string>;
}

/** Deployments and Rollouts, by `namespace/name`. */
export const podOwners = (recording: Recording): ReturnType<typeof objects> =>
  new Map([...objects(recording, "Deployment"), ...objects(recording, "Rollout")]);

/**
 * The Kubernetes objects of a kind, by `namespace/name`. Throws if two clusters have one of that name: choose a region's
 * (`firstRegionOf`), or the other would not be looked at.
 */
export function objects(
  recording: Recording,
  kind: string,
): Map<string, { manifest: Manifest; resource: Registration }> {
  const found = [...recording.resources.values()].filter(
    ({ type, custom }) => custom && type.startsWith("kubernetes:") && type.endsWith(`:${kind}`),
  );
  const byName = new Map<string, { manifest: Manifest; resource: Registration }>();
  for (const resource of found) {
    const manifest = inputsOf<Manifest>(resource);
    const name = `${manifest.metadata.namespace ?? ""}/${manifest.metadata.name}`;
    if (byName.has(name)) throw new Error(`${kind} ${name} is in two clusters: choose one's resources`);
    byName.set(name, { manifest, resource });
  }
  return byName;
}
