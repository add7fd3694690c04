import { type Applied, applyAll } from "./apply";
import type { Cluster } from "./cluster";
import { kedaAutoscalers } from "./keda";
import { rolloutStandIns } from "./rollouts";
import type { KubeObject } from "./types";

/**
 * Does what the operators would do about some objects: the test's control plane runs none. Returns what the server
 * refused of that, which is the objects' own fault.
 */
export async function operate(cluster: Cluster, objects: readonly KubeObject[]): Promise<Applied[]> {
  const autoscalers = kedaAutoscalers(objects);
  const made = await applyAll(cluster, [...autoscalers, ...rolloutStandIns([...objects, ...autoscalers])]);
  return made.filter(({ refusal }) => refusal !== undefined);
}
