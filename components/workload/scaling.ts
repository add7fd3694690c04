import type * as k8s from "@pulumi/kubernetes";
import type { WorkloadSettings } from "../../config";

const resource = (name: "cpu" | "memory", averageUtilization: number) => ({
  type: "Resource",
  resource: { name, target: { type: "Utilization", averageUtilization } },
});

/** Autoscaler of a Deployment by CPU and memory, in percent of what its pods request. */
export function autoscalerSpec(
  deployment: string,
  { min, max, cpu, memory }: NonNullable<WorkloadSettings["autoscaling"]>,
): k8s.types.input.autoscaling.v2.HorizontalPodAutoscalerSpec {
  return {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment },
    minReplicas: min,
    maxReplicas: max,
    metrics: [resource("cpu", cpu), resource("memory", memory)],
  };
}
