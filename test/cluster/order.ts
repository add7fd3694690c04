import { keyOf } from "./manifests";
import type { KubeObject } from "./types";

/** The program's dependencies, with `keyOf` for objects and any name for other resources. */
export interface Graph {
  nodes: readonly string[];
  /** Node → its dependencies. */
  before: ReadonlyMap<string, readonly string[]>;
}

/** Kinds that others depend on, in order. Kinds that aren't listed come after these and before owners of pods. */
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

/** Conventional order by kind, for objects whose dependencies aren't known. */
export function kindOrder<T extends KubeObject>(objects: readonly T[]): T[] {
  return [...objects].sort((a, b) => rank(a.kind) - rank(b.kind) || keyOf(a).localeCompare(keyOf(b)));
}

/**
 * The worst order that the program's graph allows: of all objects that could be created next, the kind that
 * conventionally comes last is created first. So the server refuses objects with a missing dependency (a Deployment
 * that doesn't depend on its namespace) here, instead of on the day when the engine happens to be fast.
 */
export function hostileOrder<T extends KubeObject>(objects: readonly T[], graph: Graph): T[] {
  const byKey = new Map(objects.map((object) => [keyOf(object), object]));
  const waiting = new Map(graph.nodes.map((node) => [node, new Set(graph.before.get(node))]));
  const order: T[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, before]) => ![...before].some((node) => waiting.has(node)));
    if (ready.length === 0)
      throw new Error(`the dependencies go round in a circle: ${[...waiting.keys()].join(", ")}`);
    // Other resources aren't applied: take all that are ready at once.
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
