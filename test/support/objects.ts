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

/** The Kubernetes objects of a kind, by `namespace/name`. */
export function objects(
  recording: Recording,
  kind: string,
): Map<string, { manifest: Manifest; resource: Registration }> {
  const found = [...recording.resources.values()].filter(
    ({ type, custom }) => custom && type.startsWith("kubernetes:") && type.endsWith(`:${kind}`),
  );
  return new Map(
    found.map((resource) => {
      const manifest = inputsOf<Manifest>(resource);
      return [`${manifest.metadata.namespace ?? ""}/${manifest.metadata.name}`, { manifest, resource }];
    }),
  );
}
