import { ofKind } from "./manifests";
import type { Autoscaler, KubeObject } from "./types";

/** A ScaledObject of KEDA: the fields that determine its autoscaler. */
interface ScaledObject extends KubeObject {
  spec: {
    scaleTargetRef: { apiVersion?: string; kind?: string; name: string };
    minReplicaCount?: number;
    maxReplicaCount?: number;
    triggers: { type: string; metricType?: string; metadata: Record<string, string> }[];
  };
}

/** The autoscaler of a ScaledObject, with the metrics that the cluster itself provides. */
interface Made extends Autoscaler {
  spec: Autoscaler["spec"] & { metrics: object[] };
}

/**
 * The autoscalers that KEDA would create: the test's control plane runs no operators, and without autoscalers every
 * workload that KEDA scales would have one pod. Names, bounds and defaults are KEDA's; its external metrics are
 * omitted.
 */
export function kedaAutoscalers(objects: readonly KubeObject[]): Made[] {
  return ofKind<ScaledObject>(objects, "ScaledObject").map(({ metadata, spec }): Made => {
    const { apiVersion = "apps/v1", kind = "Deployment", name } = spec.scaleTargetRef;
    const metrics = spec.triggers
      .filter(({ type }) => type === "cpu" || type === "memory")
      .map(({ type, metadata: { value } }) => ({
        type: "Resource",
        resource: { name: type, target: { type: "Utilization", averageUtilization: Number(value) } },
      }));
    return {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: {
        name: `keda-hpa-${metadata.name}`,
        ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      },
      spec: {
        scaleTargetRef: { apiVersion, kind, name },
        // KEDA itself scales to and from zero.
        minReplicas: Math.max(1, spec.minReplicaCount ?? 0),
        maxReplicas: spec.maxReplicaCount ?? 100,
        metrics,
      },
    };
  });
}
