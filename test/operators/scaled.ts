import assert from "node:assert/strict";

import type { Autoscaler, Condition, KubeObject } from "../cluster/types";
import type { Scene } from "./scene";
import { until } from "./watch";

/** A workload that KEDA scales, and its bounds in production. */
export interface Scaled {
  kind: "Deployment" | "Rollout";
  namespace: string;
  name: string;
  min: number;
  max: number;
}

interface Replicated extends KubeObject {
  spec: { replicas?: number };
  status?: { readyReplicas?: number };
}

interface Conditioned extends KubeObject {
  status?: { conditions?: Condition[] };
}

/** Desired and ready pods of a workload. */
export async function replicas(
  scene: Scene,
  { kind, namespace, name }: Scaled,
): Promise<{ wanted: number; ready: number }> {
  const apiVersion = kind === "Rollout" ? "argoproj.io/v1alpha1" : "apps/v1";
  const { spec, status } = await scene.cluster.get<Replicated>({
    apiVersion,
    kind,
    metadata: { name, namespace },
  });
  return { wanted: spec.replicas ?? 1, ready: status?.readyReplicas ?? 0 };
}

export function reaches(
  scene: Scene,
  scaled: Scaled,
  count: number,
  why: string,
  seconds: number,
): Promise<unknown> {
  return until(
    `${scaled.name}: ${count} pods: ${why}`,
    seconds,
    () => replicas(scene, scaled),
    ({ wanted, ready }) => wanted === count && ready >= count,
    ({ wanted }) => (wanted > scaled.max ? `more than ${scaled.max} pods are wanted` : undefined),
  );
}

/** A condition of a ScaledObject, `Ready` or `Fallback`. */
export async function condition(
  scene: Scene,
  { namespace, name }: Scaled,
  type: string,
): Promise<Condition | undefined> {
  const { status } = await scene.cluster.get<Conditioned>({
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: { name, namespace },
  });
  return status?.conditions?.find((one) => one.type === type);
}

/** KEDA creates an autoscaler for each ScaledObject, with the stack file's bounds. */
export async function bounds(scene: Scene, scaled: Scaled): Promise<void> {
  const { namespace, name, min, max } = scaled;
  await until(
    `${name} is scaled by KEDA`,
    60,
    () => condition(scene, scaled, "Ready"),
    (seen) => seen?.status === "True",
  );
  const { spec } = await scene.cluster.get<Autoscaler>({
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: `keda-hpa-${name}`, namespace },
  });
  assert.deepEqual([spec.minReplicas, spec.maxReplicas, spec.scaleTargetRef.kind], [min, max, scaled.kind]);
  await reaches(scene, scaled, min, "it has no load", 60);
}
