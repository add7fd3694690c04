import type { Document } from "yaml";
import { environment } from "../../components/environment";
import { loadSettings } from "../../config";
import type { Registration } from "../../preview/monitor";
import { previewProgram, type Recording } from "../../preview/run-program";
import { catalog } from "../../systems";
import { stackConfig, today, type Stack } from "./stacks";

const recordings = new Map<Stack, Promise<Recording>>();

/** What a stack registers, from its real file. Each stack runs once for all the tests. */
export function recordingOf(stack: Stack): Promise<Recording> {
  const known = recordings.get(stack);
  if (known !== undefined) return known;
  const program = () => environment(loadSettings(catalog, today), catalog);
  const recording = previewProgram(program, { stack, ...stackConfig(stack) });
  recordings.set(stack, recording);
  return recording;
}

/** What a stack would register after an edit of its file. */
export function recordingWith(stack: Stack, edit: (file: Document) => void): Promise<Recording> {
  const program = () => environment(loadSettings(catalog, today), catalog);
  return previewProgram(program, { stack, ...stackConfig(stack, edit) });
}

/** The manifest that a Kubernetes resource was given. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  readonly spec?: Record<string, unknown>;
  readonly data?: Record<string, string>;
}

/** What runs workloads' pods, by `namespace/name`: Deployments, and Rollouts where versions stand side by side. */
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
      const manifest = resource.inputs as unknown as Manifest;
      return [`${manifest.metadata.namespace ?? ""}/${manifest.metadata.name}`, { manifest, resource }];
    }),
  );
}
