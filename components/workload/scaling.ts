import type * as k8s from "@pulumi/kubernetes";
import type { WorkloadSettings } from "../../config";

const resource = (name: "cpu" | "memory", averageUtilization: number) => ({
  type: "Resource",
  resource: { name, target: { type: "Utilization", averageUtilization } },
});

/** What is scaled: the object that has the pods. */
export interface ScaleTarget {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** Autoscaler of a workload by CPU and memory, in percent of what its pods request. */
export function autoscalerSpec(
  target: ScaleTarget,
  { min, max, cpu, memory }: NonNullable<WorkloadSettings["autoscaling"]>,
): k8s.types.input.autoscaling.v2.HorizontalPodAutoscalerSpec {
  return {
    scaleTargetRef: { ...target },
    minReplicas: min,
    maxReplicas: max,
    metrics: [resource("cpu", cpu), resource("memory", memory)],
  };
}
