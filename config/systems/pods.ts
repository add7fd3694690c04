import type { ReleaseSettings } from "./rollout";

/** Share of a workload's pods that a rolling update may add temporarily (`maxSurge`). */
export const surge = 0.25;

/**
 * Whether a workload is stopped on purpose, with `replicas: 0`, as at the start of a restore. Nothing calls it, and no
 * update waits for its pods.
 */
export const isStopped = ({ replicas }: { readonly replicas?: number | undefined }): boolean =>
  replicas === 0;

/** Maximum pods of a workload, including the additional ones during a release. */
export function mostPods(workload: {
  readonly replicas?: number | undefined;
  readonly autoscaling?: { readonly max: number; readonly [other: string]: unknown } | undefined;
  readonly release?: ReleaseSettings | undefined;
  readonly schedule?: string | undefined;
}): number {
  // A job's runs don't overlap.
  if (workload.schedule !== undefined) return 1;
  const most = workload.replicas ?? workload.autoscaling?.max ?? 0;
  return most + Math.ceil(most * extraShare(workload.release));
}

/**
 * Maximum share of additional pods during a release: a whole second version, unless pods are replaced a few at a time.
 */
function extraShare(release: ReleaseSettings | undefined): number {
  if (release === undefined || release.strategy === "rolling") return surge;
  return release.strategy === "canary" && release.maxSurge !== undefined ? release.maxSurge / 100 : 1;
}
