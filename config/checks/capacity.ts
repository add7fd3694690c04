import type { Catalog } from "../../systems/spec";
import type { ClusterSettings } from "../cluster";
import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";
import { amount } from "../quantity";
import { otherTerms, workloadTerms, type Amounts, type Demanding, type Systems, type Term } from "./demand";

/**
 * Share of a node that pods may use; kubelet and operating system reserve the rest. Source: EKS user guide, reserved
 * resources; the smallest instances reserve more, and nodes are never completely full.
 */
const usable = 0.9;

type What = keyof Amounts;

const units = { cpu: 1, memory: 2 ** 30 } as const satisfies Record<What, number>;
const shown = (what: What, value: number) => String(Number((value / units[what]).toFixed(2)));
const named = { cpu: "cores", memory: "GiB" } as const satisfies Record<What, string>;

/** Number of workloads in a message: the largest ones, which can shrink most. */
const namedWorkloads = 5;

/** The terms as a sum that names the largest workloads. */
function arithmetic(what: What, workloads: readonly Term[], others: readonly Term[]): string {
  const sorted = [...workloads].sort((one, other) => other[what] - one[what]);
  const rest = sorted.slice(namedWorkloads).reduce((total, term) => total + term[what], 0);
  const text = (term: Term) =>
    `${term.what} ${term.pods} × ${shown(what, term[what] / term.pods)} = ${shown(what, term[what])}`;
  const smaller = sorted.length - namedWorkloads;
  return [
    ...sorted.slice(0, namedWorkloads).map(text),
    ...(smaller > 0 ? [`${smaller} smaller workloads ${shown(what, rest)}`] : []),
    ...others.map(text),
  ].join(" + ");
}

/** Node limits below the workloads' maximum size. */
function poolFaults(project: string, catalog: Catalog, demanding: Demanding): Fault[] {
  const workloads = workloadTerms(demanding.systems);
  const others = otherTerms(catalog, demanding);
  const { limits } = demanding.cluster.nodePool;
  return (["cpu", "memory"] as const).flatMap((what) => {
    const total = [...workloads, ...others].reduce((sum, term) => sum + term[what], 0);
    if (total <= amount(limits[what]) * usable) return [];
    const least = Math.ceil(total / usable / units[what]);
    const sum = `${arithmetic(what, workloads, others)} = ${shown(what, total)} ${named[what]}`;
    return [
      {
        path: `${project}:cluster.nodePool.limits.${what}`,
        found: show(limits[what]),
        expected: `at least ${least} ${named[what]}, or smaller workloads: ${sum}, and pods get ${usable * 100} % of a node`,
      },
    ];
  });
}

/** Containers with higher limits than the largest node has. */
function nodeFaults(project: string, systems: Systems, { nodePool }: ClusterSettings): Fault[] {
  return Object.entries(systems).flatMap(([system, settings]) =>
    Object.entries(settings?.workloads ?? {}).flatMap(([key, { resources }]) =>
      (["cpu", "memory"] as const).flatMap((what) => {
        const most = amount(nodePool.largestNode[what]) * usable;
        if (amount(resources.limits[what]) <= most) return [];
        const node = `${project}:cluster.nodePool.largestNode`;
        return [
          {
            path: `${project}:systems.${system}.workloads.${key}.resources.limits.${what}`,
            found: show(resources.limits[what]),
            expected: `at most ${shown(what, most)} ${named[what]}: the largest node (${node}) has ${nodePool.largestNode[what]}, and pods get ${usable * 100} % of it`,
          },
        ];
      }),
    ),
  );
}

/**
 * Workloads that exceed the nodes' capacity, with the calculation. None if the cluster or the systems have faults of
 * their own.
 */
export function capacityFaults(
  project: string,
  catalog: Catalog,
  { cluster, systems, logs, traces }: Partial<Demanding>,
): Fault[] {
  if (cluster === undefined || systems === undefined) return [];
  return [
    ...poolFaults(project, catalog, { cluster, systems, logs, traces }),
    ...nodeFaults(project, systems, cluster),
  ];
}
