import type { ApiError } from "../client";
import type { Cluster } from "../cluster";
import { awaitReady, unreadyWords } from "../readiness";
import { PATIENCE, settle } from "../settle";
import { nameOf, type Node, type Pod, type Service } from "../types";
import { cordon, evictionRefusal } from "./budgets";
import type { Check, Context, Finding } from "./check";
import { outages, servedByMany } from "./endpoints";

const ZONE = "topology.kubernetes.io/zone";

/** Drains each zone in turn: it empties, every service with several pods keeps a ready one, and all pods recover. */
export const drain: Check = {
  name: "a drained zone keeps every API available",
  async run(context) {
    const { cluster } = context;
    const { zones } = context.facts.nodes;
    if (zones.length < 2) return { examined: 0, findings: [], notes: ["the stack has one zone"] };
    const services = await servedByMany(cluster);
    // A fault usually occurs in all zones: report it once.
    const findings = new Map<string, Finding>();
    for (const zone of zones) {
      for (const finding of await drainZone(context, zone, services)) {
        if (!findings.has(finding.object)) findings.set(finding.object, finding);
      }
    }
    return { examined: zones.length * Math.max(1, services.length), findings: [...findings.values()] };
  },
};

async function drainZone(context: Context, zone: string, services: readonly Service[]): Promise<Finding[]> {
  const { cluster } = context;
  const nodes = (await cluster.list<Node>("v1", "Node")).filter(
    ({ metadata }) => metadata.labels?.[ZONE] === zone,
  );
  await cordon(cluster, nodes, true);
  try {
    const names = new Set(nodes.map(({ metadata }) => metadata.name));
    const interrupted = new Map<string, Finding>();
    const stuck = await empty(context, names, async () => {
      for (const finding of await outages(cluster, services, zone)) interrupted.set(finding.object, finding);
    });
    // Volumes are bound to their zone, so only workloads without volumes can recover in other zones.
    const unready = await awaitReady(cluster, context.patience, ({ kind }) => kind === "Deployment");
    return [
      ...interrupted.values(),
      ...[...stuck, ...unready.map(unreadyWords)].map((finding) => during(finding, zone)),
    ];
  } finally {
    await cordon(cluster, nodes, false);
    await awaitReady(cluster, context.patience);
  }
}

function during({ object, message }: Finding, zone: string): Finding {
  return { object, message: `with ${zone} drained: ${message}` };
}

/** Evicts pods from the nodes until none is left; reports pods that can't be evicted with the server's message. */
async function empty(
  context: Context,
  nodes: ReadonlySet<string>,
  watch: () => Promise<void>,
): Promise<Finding[]> {
  const { cluster, patience = PATIENCE } = context;
  let refused: { pod: Pod; refusal: ApiError }[] = [];
  const emptied = await settle(async () => {
    await watch();
    const left = await movable(cluster, nodes);
    refused = [];
    for (const pod of left) {
      const refusal = await evictionRefusal(cluster, pod);
      if (refusal) refused.push({ pod, refusal });
    }
    return { done: left.length === 0, state: JSON.stringify(left.map(({ metadata }) => metadata.uid)) };
  }, patience);
  return emptied
    ? []
    : refused.map(({ pod, refusal }) => ({ object: nameOf(pod), message: refusal.message }));
}

/**
 * Pods on the nodes that a drain evicts: not completed ones, not terminating ones, and not those of a DaemonSet, which
 * `kubectl drain` leaves as well (`--ignore-daemonsets`): their controller would replace them at once.
 */
async function movable(cluster: Cluster, nodes: ReadonlySet<string>): Promise<Pod[]> {
  const pods = await cluster.list<Pod>("v1", "Pod");
  return pods.filter(
    ({ metadata, spec, status }) =>
      nodes.has(spec.nodeName ?? "") &&
      metadata.deletionTimestamp === undefined &&
      status?.phase === "Running" &&
      !(metadata.ownerReferences ?? []).some(({ kind }) => kind === "DaemonSet"),
  );
}
