import { amount } from "../../config";
import type { PlannedResource } from "../report/json";
import type { Usage } from "./usage";

/** Cores and bytes of a month's pods. */
interface Asked {
  readonly cpu: number;
  readonly memory: number;
}

interface Requests {
  readonly cpu?: string;
  readonly memory?: string;
}

const gibibyte = 2 ** 30;

/** Cores of a node that pods can use: two, less the cores that Kubernetes reserves. */
const nodeCpu = 1.93;

/**
 * Node types of the estimate, by the pods' requests: Auto Mode chooses the cheapest that fits. The memory is that for
 * pods.
 */
const families = [
  { family: "c", memory: 3.1 * gibibyte },
  { family: "m", memory: 7.1 * gibibyte },
] as const;

/** GiB of a node's root volume where its class names none. Source: EKS user guide, NodeClass, ephemeralStorage. */
const defaultDisk = 80;

const sum = (all: readonly Asked[]): Asked => ({
  cpu: all.reduce((total, { cpu }) => total + cpu, 0),
  memory: all.reduce((total, { memory }) => total + memory, 0),
});

/** The keys of an object; none of anything else. */
export const fields = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

const askedBy = ({ cpu = "0", memory = "0" }: Requests, pods: number): Asked => ({
  cpu: pods * amount(cpu),
  memory: pods * amount(memory),
});

/** Every `requests` in a chart's values, times the nearest `replicas` above it. */
function ofChart(value: unknown, pods: number): Asked[] {
  const found = fields(value);
  const own = Number(found.replicaCount ?? found.replicas ?? pods);
  const count = Number.isFinite(own) ? own : pods;
  return Object.entries(found).flatMap(([key, inner]) =>
    key === "requests" ? [askedBy(inner as Requests, count)] : ofChart(inner, count),
  );
}

/** GiB of the volumes in a chart's values: each claim, times the nearest number of servers above or next to it. */
export function chartVolumes(value: unknown, pods = 1): number {
  const found = fields(value);
  const count = Number(found.replicas ?? fields(found.cluster).replicas ?? pods);
  const gib = (size: unknown) => (typeof size === "string" ? (count * amount(size)) / gibibyte : 0);
  return Object.entries(found).reduce(
    (total, [key, inner]) =>
      total +
      (key === "requests"
        ? gib(fields(inner).storage)
        : key === "pvc"
          ? gib(fields(inner).size)
          : chartVolumes(inner, count)),
    0,
  );
}

/** Requests of a stack's pods: workloads with their minimum number of pods, charts as in their values. */
export function requested(resources: readonly PlannedResource[]): Asked {
  const fewest = new Map<string, number>();
  for (const { type, inputs } of resources) {
    if (!/:(HorizontalPodAutoscaler|ScaledObject)$/.test(type)) continue;
    const spec = fields(inputs.spec);
    const target = fields(spec.scaleTargetRef);
    const place = `${String(fields(inputs.metadata).namespace)}/${String(target.name)}`;
    fewest.set(place, Number(spec.minReplicas ?? spec.minReplicaCount ?? 1));
  }
  return sum(
    resources.flatMap(({ type, inputs }) => {
      if (type === "kubernetes:helm.sh/v3:Release") return ofChart(inputs.values, 1);
      if (!/:(Deployment|Rollout|StatefulSet)$/.test(type)) return [];
      const spec = fields(inputs.spec);
      const { namespace, name } = fields(inputs.metadata);
      const pods = Number(spec.replicas ?? fewest.get(`${String(namespace)}/${String(name)}`) ?? 1);
      const { containers } = fields(fields(spec.template).spec);
      return (Array.isArray(containers) ? containers : []).map((container) =>
        askedBy(fields(fields(fields(container).resources).requests), pods),
      );
    }),
  );
}

/** Size of a node's root volume, as the node class has it. */
function diskOf(resources: readonly PlannedResource[]): string {
  const nodeClass = resources.find(({ type }) => /^kubernetes:eks\.amazonaws\.com\/.*:NodeClass$/.test(type));
  const { size } = fields(fields(fields(nodeClass?.inputs).spec).ephemeralStorage);
  return typeof size === "string" ? size : `${defaultDisk}Gi`;
}

/**
 * Nodes that EKS Auto Mode starts for the pods, which aren't resources of the plan. At least two, so that a drain can
 * move pods.
 */
export function nodeRows(
  resources: readonly PlannedResource[],
  priceIn: (resource: PlannedResource) => (key: string) => number,
  usage: Usage,
): { component: string; resource: string; usd: number; assumption: string }[] {
  return (
    resources
      // A pool with taints is only for some pods, for minutes a day (`components/cluster/node-schedule.ts`).
      .filter(
        ({ type, inputs }) =>
          type === "kubernetes:karpenter.sh/v1:NodePool" &&
          fields(fields(fields(inputs.spec).template).spec).taints === undefined,
      )
      .map((pool) => {
        const { name, parent, provider, inputs } = pool;
        const price = priceIn(pool);
        // Of its own cluster.
        const pods = resources.filter((each) => each.provider === provider);
        const text = JSON.stringify(inputs);
        const generation = text.includes('"arm64"') ? "7g" : "7i";
        const spot = /"karpenter.sh\/capacity-type","operator":"In","values":\["spot"/.test(text);
        const { cpu, memory } = requested(pods);
        const fitting = families.map(({ family, memory: room }) => {
          const type = `${family}${generation}.large`;
          const filled = Math.max(cpu / nodeCpu, memory / room) / usage.filledShare;
          return { type, count: Math.max(2, Math.ceil(filled)), each: price(`ec2.${type}`) };
        });
        fitting.sort((one, other) => one.count * one.each - other.count * other.each);
        const [{ type, count } = { type: "", count: 0 }] = fitting;
        const disk = amount(diskOf(pods)) / gibibyte;
        const hour = price(`ec2.${type}`) * ((spot ? usage.spotShare : 1) + usage.autoModeShare);
        return {
          component: parent?.split("::").at(-1) ?? "",
          resource: name,
          usd: count * (hour * usage.awakeHours + (disk * price("ebs.gp3") * usage.awakeHours) / usage.hours),
          assumption: `${count} × ${type} ${spot ? `spot at ${usage.spotShare} of the list price` : "on demand"} with Auto Mode for ${cpu.toFixed(1)} cores and ${(memory / 2 ** 30).toFixed(1)} GiB, ${usage.awakeHours} hours`,
        };
      })
  );
}
