import { keyOf } from "./manifests";
import type { KubeObject } from "./types";

/** The program's own order: what must exist before what, objects by `keyOf` and everything else by any name. */
export interface Graph {
  nodes: readonly string[];
  /** Node → the nodes that come before it. */
  before: ReadonlyMap<string, readonly string[]>;
}

/** Kinds that others need, needed first. Kinds that aren't listed come after these and before the pods' owners. */
const FIRST = [
  "CustomResourceDefinition",
  "Namespace",
  "StorageClass",
  "PriorityClass",
  "ResourceQuota",
  "LimitRange",
  "ServiceAccount",
  "ClusterRole",
  "Role",
  "ClusterRoleBinding",
  "RoleBinding",
  "ConfigMap",
  "Secret",
];
const LAST = [
  "Service",
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "Job",
  "CronJob",
  "HorizontalPodAutoscaler",
  "Ingress",
];

/** The conventional order by kind: what to do where the program's graph isn't known. */
export function kindOrder<T extends KubeObject>(objects: readonly T[]): T[] {
  return [...objects].sort((a, b) => rank(a.kind) - rank(b.kind) || keyOf(a).localeCompare(keyOf(b)));
}

/**
 * An order that the program's graph allows, and the worst one for it: whatever could be made now, the kind that
 * conventionally comes last is made first. So an edge that the program forgot (a Deployment that doesn't wait for its
 * namespace) is refused by the server here, instead of on the one day when the engine happens to be quick.
 */
export function hostileOrder<T extends KubeObject>(objects: readonly T[], graph: Graph): T[] {
  const byKey = new Map(objects.map((object) => [keyOf(object), object]));
  const waiting = new Map(graph.nodes.map((node) => [node, new Set(graph.before.get(node))]));
  const order: T[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, before]) => ![...before].some((node) => waiting.has(node)));
    if (ready.length === 0)
      throw new Error(`the dependencies go round in a circle: ${[...waiting.keys()].join(", ")}`);
    // What is no Kubernetes object costs nothing and frees others: all of it at once.
    const plain = ready.filter(([node]) => !byKey.has(node));
    const next =
      plain.length > 0
        ? plain.map(([node]) => node)
        : [
            latest(
              ready.map(([node]) => node),
              byKey,
            ),
          ];
    for (const node of next) {
      waiting.delete(node);
      const object = byKey.get(node);
      if (object) order.push(object);
    }
  }
  return [...order, ...kindOrder(objects.filter((object) => !graph.nodes.includes(keyOf(object))))];
}

function latest<T extends KubeObject>(nodes: readonly string[], byKey: ReadonlyMap<string, T>): string {
  const rankOf = (node: string): number => rank(byKey.get(node)?.kind ?? "");
  return [...nodes].sort((a, b) => rankOf(b) - rankOf(a) || a.localeCompare(b))[0] ?? "";
}

function rank(kind: string): number {
  if (FIRST.includes(kind)) return FIRST.indexOf(kind);
  const last = LAST.indexOf(kind);
  return last < 0 ? FIRST.length : FIRST.length + 1 + last;
}
