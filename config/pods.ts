/** Share of a workload's pods that a rolling update may add for a while. */
export const surge = 0.25;

/** Most pods that a workload has, those of a rolling update included. */
export function mostPods(workload: {
  readonly replicas?: number | undefined;
  readonly autoscaling?: { readonly max: number; readonly [other: string]: unknown } | undefined;
}): number {
  const most = workload.replicas ?? workload.autoscaling?.max ?? 0;
  return most + Math.ceil(most * surge);
}
