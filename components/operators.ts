import type * as pulumi from "@pulumi/pulumi";

/**
 * The cluster's optional operators, each by the leaf resource after which its kinds may be used. One that the stack
 * file doesn't name isn't there; the configuration is refused before anything needs it.
 */
export interface Operators {
  /** `ScaledObject`, `TriggerAuthentication`. */
  readonly keda?: pulumi.Resource | undefined;
  /** `Rollout`, `AnalysisTemplate`. */
  readonly argoRollouts?: pulumi.Resource | undefined;
  /** `Issuer`, `Certificate`. */
  readonly certManager?: pulumi.Resource | undefined;
  /** Restarts what reads a Secret that has changed. */
  readonly reloader?: pulumi.Resource | undefined;
  /** `Stream`, `Consumer` of JetStream. */
  readonly nack?: pulumi.Resource | undefined;
  /** `VerticalPodAutoscaler`. */
  readonly verticalPodAutoscaler?: pulumi.Resource | undefined;
  /** `PodMonitor`. */
  readonly prometheus?: pulumi.Resource | undefined;
}
