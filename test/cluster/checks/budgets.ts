import { ApiError } from "../client";
import type { Cluster } from "../cluster";
import { awaitReady, ownersIn, unreadyWords } from "../readiness";
import { selects } from "../selectors";
import { type DisruptionBudget, nameOf, type Node, type Pod, type Scaled } from "../types";
import type { Check, Finding } from "./check";

/**
 * Every workload with several pods has a disruption budget, which refuses to evict all pods at once. Nodes are cordoned
 * meanwhile: simulated ones would replace a pod before the next eviction.
 */
export const budgets: Check = {
  name: "disruption budgets refuse to give up everything",
  async run({ cluster, patience }) {
    const { scaled } = await ownersIn(cluster);
    const several = scaled.filter(({ spec }) => (spec.replicas ?? 1) > 1);
    const all = await cluster.list<DisruptionBudget>("policy/v1", "PodDisruptionBudget");
    const nodes = await cluster.list<Node>("v1", "Node");
    const findings: Finding[] = [];
    await cordon(cluster, nodes, true);
    try {
      for (const workload of several) findings.push(...(await examine(cluster, workload, all)));
    } finally {
      await cordon(cluster, nodes, false);
    }
    const unready = await awaitReady(cluster, patience);
    return { examined: several.length, findings: [...findings, ...unready.map(unreadyWords)] };
  },
};

async function examine(
  cluster: Cluster,
  workload: Scaled,
  all: readonly DisruptionBudget[],
): Promise<Finding[]> {
  const object = nameOf(workload);
  const { namespace } = workload.metadata;
  const labels = workload.spec.template.metadata?.labels;
  const own = all.filter(
    ({ metadata, spec }) => metadata.namespace === namespace && selects(spec.selector, labels),
  );
  if (own.length === 0) return [{ object, message: "no disruption budget selects its pods" }];
  const pods = (await cluster.list<Pod>("v1", "Pod", namespace)).filter(
    ({ metadata }) =>
      selects(workload.spec.selector, metadata.labels) && metadata.deletionTimestamp === undefined,
  );
  const refusals: (ApiError | undefined)[] = [];
  for (const pod of pods) refusals.push(await evictionRefusal(cluster, pod));
  const odd = refusals.find((refusal) => refusal !== undefined && refusal.code !== 429);
  if (odd) return [{ object, message: odd.message }];
  if (refusals.some((refusal) => refusal !== undefined)) return [];
  return [
    { object, message: `all its ${pods.length} pods could be evicted at once; its budget refused none` },
  ];
}

/** Cordons or uncordons nodes. */
export async function cordon(
  cluster: Cluster,
  nodes: readonly Node[],
  unschedulable: boolean,
): Promise<void> {
  for (const node of nodes) await cluster.patch(node, { spec: { unschedulable } });
}

/** The server's refusal to evict a pod; undefined if the pod was evicted or no longer exists. */
export async function evictionRefusal(cluster: Cluster, pod: Pod): Promise<ApiError | undefined> {
  try {
    await cluster.evict(pod);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.code === 404 ? undefined : error;
  }
}
