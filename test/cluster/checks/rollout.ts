import type { Cluster } from "../cluster";
import { awaitReady, ownersIn, unreadyWords } from "../readiness";
import { versionBeside } from "../rollouts";
import type { Autoscaler, KubeEvent, Scaled } from "../types";
import { autoscalerOf } from "../workloads";
import type { Check } from "./check";

/**
 * Every workload at its autoscaler's maximum, all at once, and then all of them updated: the quota allows it. A new
 * version that is switched to stands beside the old one, all of it.
 */
export const rollout: Check = {
  name: "quota leaves room for a rolling update at the maximum",
  async run({ cluster, patience }) {
    const before = new Set((await refusals(cluster)).map(({ metadata }) => metadata.uid));
    const { scaled, autoscalers } = await ownersIn(cluster);
    for (const workload of scaled) await toMaximum(cluster, workload, autoscalers);
    const grown = await awaitReady(cluster, patience);
    for (const workload of (await ownersIn(cluster)).scaled) await update(cluster, workload);
    const updated = await awaitReady(cluster, patience);
    const findings = [...grown, ...updated].map(unreadyWords);
    const refused = (await refusals(cluster)).filter(({ metadata }) => !before.has(metadata.uid));
    // Pods that are about to leave count until they are gone: a quota that is full of them only delays.
    const delayed = refused.length > 0 && findings.length === 0;
    const notes = delayed
      ? [`delayed: ${refused.length} pods refused at first, while others were leaving`]
      : [];
    return { examined: scaled.length, findings, notes };
  },
};

async function toMaximum(
  cluster: Cluster,
  workload: Scaled,
  autoscalers: readonly Autoscaler[],
): Promise<void> {
  const autoscaler = autoscalerOf(workload, autoscalers);
  if (!autoscaler) return;
  const replicas = autoscaler.spec.maxReplicas;
  await cluster.patch(workload, { spec: { replicas } }, "/scale");
}

/** As `kubectl rollout restart` does it, or as Argo's controller before the switch. */
async function update(cluster: Cluster, workload: Scaled): Promise<void> {
  const beside = versionBeside(workload);
  if (beside) return void (await cluster.create(beside));
  const annotations = { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() };
  await cluster.patch(workload, { spec: { template: { metadata: { annotations } } } });
}

async function refusals(cluster: Cluster): Promise<KubeEvent[]> {
  const events = await cluster.list<KubeEvent>("v1", "Event");
  return events.filter(({ reason }) => reason === "FailedCreate");
}
