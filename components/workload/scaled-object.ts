import type { AutoscalingSettings } from "../../config";
import { behavior, type ScaleTarget } from "./scaling";
import type { Trigger } from "./triggers";

/** Failures in a row after which a metric counts as gone, unless config says otherwise. */
const failures = 3;

/**
 * A KEDA ScaledObject: it has an autoscaler made for its target, and feeds it the metrics that Kubernetes hasn't got.
 *
 * While a metric can't be had, `fallback` stands in for it. CPU and memory aren't its concern: the cluster measures
 * them, and they go on counting; the largest number of pods that any metric asks for holds. Where nothing but the lost
 * metric says how much there is to do, the number of pods stays. Source: KEDA's documentation, 2.20.
 *
 * KEDA's own `pollingInterval` and `cooldownPeriod` are left alone: they only matter on the way from and to no pods.
 */
export function scaledObjectSpec(
  target: ScaleTarget,
  scaling: AutoscalingSettings,
  triggers: readonly Trigger[],
) {
  const { min, max, cpu, memory, fallback } = scaling;
  const measured = cpu !== undefined || memory !== undefined;
  return {
    scaleTargetRef: { ...target },
    minReplicaCount: min,
    maxReplicaCount: max,
    fallback: {
      failureThreshold: fallback?.failures ?? failures,
      replicas: fallback?.pods ?? min,
      behavior: measured ? "static" : "currentReplicasIfHigher",
    },
    advanced: { horizontalPodAutoscalerConfig: { behavior: behavior(scaling) } },
    triggers: [...triggers],
  };
}
