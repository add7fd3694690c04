import { type Applied, applyAll } from "./apply";
import type { Cluster } from "./cluster";
import { kedaAutoscalers } from "./keda";
import { rolloutStandIns } from "./rollouts";
import type { KubeObject } from "./types";

/**
 * Does the operators' work for some objects, since the test's control plane runs none. Returns the server's refusals,
 * which are faults of the objects.
 */
export async function operate(cluster: Cluster, objects: readonly KubeObject[]): Promise<Applied[]> {
  const autoscalers = kedaAutoscalers(objects);
  const made = await applyAll(cluster, [...autoscalers, ...rolloutStandIns([...objects, ...autoscalers])]);
  return made.filter(({ refusal }) => refusal !== undefined);
}
