import type { WorkloadSettings } from "../../config";

/** What an object with pods says about their number. */
interface OwnedReplicas {
  /** Its own `metadata.annotations`, or nothing. */
  readonly annotations: { readonly annotations?: Readonly<Record<string, string>> };
  /** Its `spec.replicas`, or nothing. */
  readonly replicas: { readonly replicas?: number };
  readonly options: { readonly ignoreChanges?: string[] };
}

/**
 * Who owns the number of pods: the stack file, or an autoscaler, and never both.
 *
 * An autoscaler's is left out. Were it left out of a live object that had it, Kubernetes would set it to 1, so the
 * change is ignored: the provider then sends what the cluster has, or nothing where the number is another's already.
 *
 * The stack file's is forced: an autoscaler that was there before has left its mark on it, and without force the API
 * server refuses to take it over. Sources: pulumi-kubernetes, `handleSSAIgnoreFields`; Kubernetes, server-side apply.
 */
export const ownedReplicas = ({ replicas }: Pick<WorkloadSettings, "replicas">): OwnedReplicas =>
  replicas === undefined
    ? { annotations: {}, replicas: {}, options: { ignoreChanges: ["spec.replicas"] } }
    : {
        annotations: { annotations: { "pulumi.com/patchForce": "true" } },
        replicas: { replicas },
        options: {},
      };
