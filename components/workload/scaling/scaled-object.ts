import type { AutoscalingSettings } from "../../../config";
import { behavior, type ScaleTarget } from "./scaling";
import type { Trigger } from "./triggers";

/** Consecutive failures after which a metric counts as unavailable. A default. */
const failures = 3;

/**
 * A KEDA ScaledObject: KEDA creates an autoscaler for its target and provides the metrics that Kubernetes lacks.
 *
 * While a metric is unavailable, `fallback` replaces it. CPU and memory still count, since the cluster measures them;
 * the metric that needs the most pods determines their number. If the unavailable metric is the only one, the number of
 * pods doesn't change. Source: KEDA's documentation, 2.20.
 *
 * KEDA's own `pollingInterval` and `cooldownPeriod` aren't set: they only matter when scaling from and to zero.
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
