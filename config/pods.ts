import type { ReleaseSettings } from "./rollout";

/** Share of a workload's pods that a rolling update may add for a while. */
export const surge = 0.25;

/**
 * Whether a workload is stopped on purpose: `replicas: 0`, as restores begin. Nothing asks it, and nothing that would
 * wait for its pods holds up an update.
 */
export const isStopped = ({ replicas }: { readonly replicas?: number | undefined }): boolean =>
  replicas === 0;

/** Most pods that a workload has, those that stand beside the others while a version comes in included. */
export function mostPods(workload: {
  readonly replicas?: number | undefined;
  readonly autoscaling?: { readonly max: number; readonly [other: string]: unknown } | undefined;
  readonly release?: ReleaseSettings | undefined;
  readonly schedule?: string | undefined;
}): number {
  // A job's runs don't overlap.
  if (workload.schedule !== undefined) return 1;
  const most = workload.replicas ?? workload.autoscaling?.max ?? 0;
  return most + Math.ceil(most * beside(workload.release));
}

/** Share of the pods that stand beside the others at most. Two whole versions, unless pods are replaced a few at a time. */
function beside(release: ReleaseSettings | undefined): number {
  if (release === undefined || release.strategy === "rolling") return surge;
  return release.strategy === "canary" && release.maxSurge !== undefined ? release.maxSurge / 100 : 1;
}
