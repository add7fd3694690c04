import type { Cluster } from "../cluster";
import { ownersIn } from "../readiness";
import { selects } from "../selectors";
import { nameOf, type Node, type Pod, type Scaled } from "../types";
import type { Check, Context, Finding } from "./check";

const ZONE = "topology.kubernetes.io/zone";

/** Workloads with several pods have a spread constraint on zones, and are spread. */
export const spread: Check = {
  name: "pods are spread over the zones",
  async run(context) {
    const { scaled } = await ownersIn(context.cluster);
    const several = scaled.filter(({ spec }) => (spec.replicas ?? 1) > 1);
    const zoneOf = await zones(context.cluster);
    const pods = await context.cluster.list<Pod>("v1", "Pod");
    const findings = several.flatMap((workload) => examine(workload, pods, zoneOf, context));
    const notes =
      scaled.length > several.length ? [`${scaled.length - several.length} workloads have one pod`] : [];
    return { examined: several.length, findings, notes };
  },
};

/** Node → zone. */
async function zones(cluster: Cluster): Promise<ReadonlyMap<string, string>> {
  const nodes = await cluster.list<Node>("v1", "Node");
  return new Map(nodes.map(({ metadata }) => [metadata.name, metadata.labels?.[ZONE] ?? ""]));
}

function examine(
  workload: Scaled,
  pods: readonly Pod[],
  zoneOf: ReadonlyMap<string, string>,
  context: Context,
): Finding[] {
  const object = nameOf(workload);
  const constraint = workload.spec.template.spec.topologySpreadConstraints?.find(
    ({ topologyKey }) => topologyKey === ZONE,
  );
  if (!constraint)
    return [{ object, message: `has ${workload.spec.replicas ?? 1} pods and no constraint on ${ZONE}` }];
  const counts = new Map(context.facts.nodes.zones.map((zone) => [zone, 0]));
  for (const { metadata, spec } of pods) {
    const zone = zoneOf.get(spec.nodeName ?? "");
    const own =
      metadata.namespace === workload.metadata.namespace && selects(workload.spec.selector, metadata.labels);
    if (own && zone !== undefined) counts.set(zone, (counts.get(zone) ?? 0) + 1);
  }
  const skew = Math.max(...counts.values()) - Math.min(...counts.values());
  if (skew <= constraint.maxSkew) return [];
  const where = [...counts].map(([zone, count]) => `${count} in ${zone}`).join(", ");
  return [
    {
      object,
      message: `its pods are spread unevenly: ${where}; at most ${constraint.maxSkew} apart was asked for`,
    },
  ];
}
