import type * as k8s from "@pulumi/kubernetes";
import type { AutoscalingSettings, PaceSettings } from "../../../config";

/** The scaled object: the owner of the pods. */
export interface ScaleTarget {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

type Rules = k8s.types.input.autoscaling.v2.HPAScalingRules;
type Policy = k8s.types.input.autoscaling.v2.HPAScalingPolicy;

/** Scaling rules for one direction. Of two limits the higher one applies. */
function rules({
  stabilizationSeconds,
  tolerancePercent,
  percent,
  pods,
  periodSeconds,
}: PaceSettings): Rules {
  const step = (type: "Percent" | "Pods", value: number | undefined): Policy[] =>
    value === undefined ? [] : [{ type, value, periodSeconds }];
  return {
    stabilizationWindowSeconds: stabilizationSeconds,
    selectPolicy: "Max",
    policies: [...step("Percent", percent), ...step("Pods", pods)],
    ...(tolerancePercent === undefined ? {} : { tolerance: fraction(tolerancePercent) }),
  };
}

/** Scaling behavior of a workload, with or without KEDA. */
export const behavior = ({ behaviour }: AutoscalingSettings) => ({
  scaleUp: rules(behaviour.up),
  scaleDown: rules(behaviour.down),
});

const resource = (name: "cpu" | "memory", averageUtilization: number | undefined) =>
  averageUtilization === undefined
    ? []
    : [{ type: "Resource", resource: { name, target: { type: "Utilization", averageUtilization } } }];

/** Autoscaler by CPU and memory, in percent of what the pods request. It depends only on the cluster. */
export function autoscalerSpec(
  target: ScaleTarget,
  scaling: AutoscalingSettings,
): k8s.types.input.autoscaling.v2.HorizontalPodAutoscalerSpec {
  const { min, max, cpu, memory } = scaling;
  return {
    scaleTargetRef: { ...target },
    minReplicas: min,
    maxReplicas: max,
    metrics: [...resource("cpu", cpu), ...resource("memory", memory)],
    behavior: behavior(scaling),
  };
}

/**
 * A percentage as a quantity in Kubernetes' canonical form: `100m`, not `0.1`. KEDA rewrites its objects, and a refresh
 * would show any other form as changed.
 */
const fraction = (percent: number): string =>
  percent % 100 === 0 ? String(percent / 100) : `${percent * 10}m`;
