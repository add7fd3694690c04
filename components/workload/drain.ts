import type { WorkloadSpec } from "../../systems/spec";

/** Seconds for which a terminating pod keeps serving while the load balancer deregisters it. */
export const drainSeconds = 15;

/** Seconds from there until it is killed, to finish open requests. */
const stopSeconds = 30;

/** `terminationGracePeriodSeconds` of every pod. */
export const graceSeconds = drainSeconds + stopSeconds;

/**
 * Deregistration delay of the load balancer in seconds, for open requests. It starts when the load balancer's
 * controller sees the pod terminate, at most `drainSeconds` later, so it ends before the pod is killed.
 */
export const deregistrationSeconds = graceSeconds - drainSeconds;

/**
 * `minReadySeconds`: seconds that a pod must be ready before it counts as available. Ten with a probe. Without a probe
 * a pod is ready as soon as its process runs, even if it crashes during startup: longer there.
 */
export const minReadySeconds = ({ listen }: Pick<WorkloadSpec, "listen">): number =>
  listen === undefined ? 20 : 10;
