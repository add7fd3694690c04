import { amount } from "../../config/quantity";
import type { Cluster } from "./cluster";
import { UserError } from "./errors";
import { allocatable, allows, candidates, type Instance, type Requirement } from "./instances";
import { ofKind } from "./manifests";
import { type Amounts, requestsOf } from "./quantities";
import type { KubeObject, Labels, Node, PodSpec } from "./types";
import { demandOf, workloadsOf } from "./workloads";

/** Input for the simulated nodes. */
export interface NodePlan {
  zones: readonly string[];
  region: string;
  /** Built-in node pools of the cluster: `general-purpose`, `system`. */
  builtinPools: readonly string[];
}

interface Taint {
  key: string;
  value?: string;
  effect: string;
}

interface NodePool extends KubeObject {
  spec: {
    limits?: { cpu?: string; memory?: string };
    template: {
      metadata?: { labels?: Labels };
      spec: { requirements: Requirement[]; taints?: Taint[] };
    };
  };
}

const ZONE = "topology.kubernetes.io/zone";

/** Requirements of Auto Mode's built-in pools. Source: EKS user guide, built-in node pools. */
const BUILTIN: Record<string, NodePool["spec"]["template"]["spec"]> = {
  "general-purpose": {
    requirements: [{ key: "kubernetes.io/arch", operator: "In", values: ["amd64"] }],
  },
  system: {
    requirements: [{ key: "kubernetes.io/arch", operator: "In", values: ["amd64", "arm64"] }],
    taints: [{ key: "CriticalAddonsOnly", effect: "NoSchedule" }],
  },
};

/**
 * The nodes that replace those of Auto Mode: for each pool the smallest instance that meets its requirements and fits
 * the largest pod, in every zone, and enough of them for all pods at their maximum without one zone; at most as many as
 * the pool's limit allows in the remaining zones.
 */
export function planNodes(objects: readonly KubeObject[], plan: NodePlan): Node[] {
  const builtin = plan.builtinPools.map((name) => poolOf(name, BUILTIN[name]));
  const pools = [...ofKind<NodePool>(objects, "NodePool"), ...builtin];
  return pools.flatMap((pool) => {
    const { taints = [] } = pool.spec.template.spec;
    const workloads = workloadsOf(objects).filter(({ template }) => tolerates(template.spec, taints));
    const largest = workloads.map(({ template }) => requestsOf(template.spec));
    const demand = demandOf(workloads);
    const zones = plan.zones.filter((zone) => isAllowed(pool, { [ZONE]: zone }));
    const instance = smallest(pool, largest);
    const count = nodesPerZone(pool, instance, demand, zones.length);
    return zones.flatMap((zone) =>
      Array.from({ length: count }, (_, index) => node(pool, instance, zone, plan.region, index)),
    );
  });
}

/** Adds the nodes to the cluster; kwok manages them and makes them ready. */
export async function addNodes(cluster: Cluster, nodes: readonly Node[]): Promise<void> {
  for (const object of nodes) await cluster.create(object);
}

function poolOf(name: string, spec: NodePool["spec"]["template"]["spec"] | undefined): NodePool {
  if (!spec)
    throw new Error(`the cluster switches on a built-in node pool that this test doesn't know: ${name}`);
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name },
    spec: { template: { spec } },
  };
}

function isAllowed({ spec }: NodePool, labels: Labels): boolean {
  return spec.template.spec.requirements
    .filter(({ key }) => (key === ZONE) === ZONE in labels)
    .every((requirement) => allows(requirement, labels));
}

function smallest(pool: NodePool, pods: readonly Amounts[]): Instance {
  const fits = candidates().filter(({ labels, capacity }) => {
    const room = allocatable(capacity);
    return (
      isAllowed(pool, labels) && pods.every(({ cpu, memory }) => cpu <= room.cpu && memory <= room.memory)
    );
  });
  const best = fits.sort(
    (a, b) => a.capacity.memory - b.capacity.memory || a.capacity.cpu - b.capacity.cpu,
  )[0];
  if (best) return best;
  const wanted = JSON.stringify(pool.spec.template.spec.requirements);
  throw new UserError(
    `NodePool ${pool.metadata.name}: no c, m or r instance meets ${wanted} and holds the largest pod`,
  );
}

/** Whether a pod tolerates a node's taints. */
function tolerates({ tolerations = [] }: PodSpec, taints: readonly Taint[]): boolean {
  return taints.every(({ key, value, effect }) =>
    tolerations.some(
      (toleration) =>
        (toleration.key ?? key) === key &&
        (toleration.effect ?? effect) === effect &&
        (toleration.operator === "Exists" || toleration.value === value),
    ),
  );
}

function nodesPerZone(pool: NodePool, { capacity }: Instance, demand: Amounts, zones: number): number {
  const remaining = Math.max(1, zones - 1);
  const room = allocatable(capacity);
  const needed = Math.max(demand.cpu / room.cpu, demand.memory / room.memory) / remaining;
  const { cpu, memory } = pool.spec.limits ?? {};
  const allowed = Math.min(
    cpu === undefined ? Infinity : amount(cpu) / capacity.cpu,
    memory === undefined ? Infinity : amount(memory) / capacity.memory,
  );
  // One more than the sum requires, since pods don't fill nodes completely.
  return Math.max(1, Math.min(Math.ceil(needed) + 1, Math.floor(allowed / remaining)));
}

/** Named `<zone>.<pool>.<number>`: stages.yaml reads the zone from it. */
function node(
  pool: NodePool,
  { labels, capacity }: Instance,
  zone: string,
  region: string,
  index: number,
): Node {
  const name = `${zone}.${pool.metadata.name}.${index}`;
  const { metadata, spec } = pool.spec.template;
  const amounts = ({ cpu, memory }: Amounts): Labels => ({
    cpu: `${Math.floor(cpu * 1000)}m`,
    memory: `${Math.floor(memory / 1024)}Ki`,
    pods: "110",
    "ephemeral-storage": "80Gi",
  });
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        ...labels,
        ...metadata?.labels,
        "karpenter.sh/nodepool": pool.metadata.name,
        "kubernetes.io/hostname": name,
        "topology.kubernetes.io/region": region,
        [ZONE]: zone,
      },
    },
    ...(spec.taints && { spec: { taints: spec.taints } }),
    status: { capacity: amounts(capacity), allocatable: amounts(allocatable(capacity)) },
  };
}
