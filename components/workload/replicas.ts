import type { WorkloadSettings } from "../../config";

/** The parts of a Deployment or Rollout that determine the number of pods. */
interface OwnedReplicas {
  /** Its `metadata.annotations`, or nothing. */
  readonly annotations: { readonly annotations?: Readonly<Record<string, string>> };
  /** Its `spec.replicas`, or nothing. */
  readonly replicas: { readonly replicas?: number };
  readonly options: { readonly ignoreChanges?: string[] };
}

/**
 * The owner of the number of pods: either the stack file or an autoscaler.
 *
 * With an autoscaler, `replicas` is omitted. Removing it from a live object would make Kubernetes set it to 1, so the
 * change is ignored: the provider then sends the cluster's value, or none if another field manager owns it already.
 *
 * The stack file's number is forced: a former autoscaler may still own the field, and without force the API server
 * reports a conflict. Sources: pulumi-kubernetes, `handleSSAIgnoreFields`; Kubernetes, server-side apply.
 */
export const ownedReplicas = ({ replicas }: Pick<WorkloadSettings, "replicas">): OwnedReplicas =>
  replicas === undefined
    ? { annotations: {}, replicas: {}, options: { ignoreChanges: ["spec.replicas"] } }
    : {
        annotations: { annotations: { "pulumi.com/patchForce": "true" } },
        replicas: { replicas },
        options: {},
      };
