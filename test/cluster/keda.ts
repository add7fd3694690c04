import { ofKind } from "./manifests";
import type { Autoscaler, KubeObject } from "./types";

/** A ScaledObject of KEDA, as far as its autoscaler follows from it. */
interface ScaledObject extends KubeObject {
  spec: {
    scaleTargetRef: { apiVersion?: string; kind?: string; name: string };
    minReplicaCount?: number;
    maxReplicaCount?: number;
    triggers: { type: string; metricType?: string; metadata: Record<string, string> }[];
  };
}

/** The autoscaler of an object, with the metrics that the cluster itself measures. */
interface Made extends Autoscaler {
  spec: Autoscaler["spec"] & { metrics: object[] };
}

/**
 * The autoscalers that KEDA would make: the test's control plane runs no operator, and without them every workload that
 * KEDA scales would have one pod. Names, bounds and defaults are KEDA's own; what only KEDA measures is left out.
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
        // KEDA leaves scaling to and from none to itself.
        minReplicas: Math.max(1, spec.minReplicaCount ?? 0),
        maxReplicas: spec.maxReplicaCount ?? 100,
        metrics,
      },
    };
  });
}
