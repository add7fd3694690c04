import type { Cluster } from "../cluster";
import { awaitReady, ownersIn, unreadyWords } from "../readiness";
import { versionBeside } from "../rollouts";
import type { Autoscaler, KubeEvent, Scaled } from "../types";
import { autoscalerOf } from "../workloads";
import type { Check } from "./check";

/**
 * Scales all workloads to their autoscalers' maximum at once, then updates all of them: the quota must allow it. With
 * blue-green, the new version runs in full next to the old one.
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
    // Terminating pods count until they are gone: a quota that is full because of them only delays.
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

/** Updates as `kubectl rollout restart` does, or as Argo's controller before it switches. */
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
