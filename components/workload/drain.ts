import type { WorkloadSpec } from "../../systems/spec";

/** Seconds that a pod goes on serving after termination began, while the load balancer deregisters it. */
export const drainSeconds = 15;

/** Seconds from there until it is killed: time to finish what it has begun. */
export const stopSeconds = 30;

/** `terminationGracePeriodSeconds` of every pod. */
export const graceSeconds = drainSeconds + stopSeconds;

/**
 * Seconds for which the load balancer lets a target that leaves finish its open requests. It begins when the load
 * balancer's controller has seen the pod go, at most `drainSeconds` after that: so it ends before the pod is killed.
 */
export const deregistrationSeconds = graceSeconds - drainSeconds;

/**
 * `minReadySeconds`: how long a pod must have been ready before it counts. Ten for what is probed. Without a probe a
 * pod is ready as soon as its process runs, so one that crashes while it starts would pass: longer there.
 */
export const minReadySeconds = ({ listen }: Pick<WorkloadSpec, "listen">): number =>
  listen === undefined ? 20 : 10;
