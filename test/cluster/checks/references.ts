import { ofKind } from "../manifests";
import { incomingLabels, type Rollout } from "../rollouts";
import { selects } from "../selectors";
import { type DisruptionBudget, type KubeObject, nameOf, type Scaled, type Service } from "../types";
import { type Workload, workloadsOf } from "../workloads";
import type { Check, Finding } from "./check";
import { podReferences } from "./pod-references";
import { keysOf } from "./provided-keys";
import type { Reference } from "./reference";
import { rolloutReferences } from "./rollout-references";

/**
 * Referenced objects exist. The server accepts missing references, and simulated nodes start pods without their
 * secrets; on real nodes they would wait forever.
 */
export const references: Check = {
  name: "what objects refer to exists",
  run({ objects, facts }) {
    const workloads = workloadsOf(objects);
    const all = [...workloads.flatMap(ofWorkload), ...objects.flatMap(ofObject)];
    const findings = all
      .filter(
        ([, { kind, name, namespace }]) =>
          !(kind === "Service" && facts.chartServices.includes(`${namespace}/${name}`)),
      )
      .flatMap(([from, reference]) => missing(from, reference, objects));
    const owners = [...workloads, ...daemonSetsOf(objects)];
    const blind = selectorsOf(objects).flatMap(([from, labels]) => selectsNothing(from, labels, owners));
    return Promise.resolve({ examined: all.length, findings: [...findings, ...blind] });
  },
};

/** An owner of pods, for what selects them. */
type PodOwner = Pick<Workload, "object" | "template">;

const daemonSetsOf = (objects: readonly KubeObject[]): PodOwner[] =>
  ofKind<Scaled>(objects, "DaemonSet").map((object) => ({ object, template: object.spec.template }));

type Found = [from: KubeObject, reference: Reference];

function ofWorkload({ object, template }: Workload): Found[] {
  const { namespace } = object.metadata;
  return podReferences(template.spec).map((reference) => [object, { ...reference, namespace }]);
}

function missing(
  from: KubeObject,
  { kind, name, namespace, key, optional }: Reference,
  objects: readonly KubeObject[],
): Finding[] {
  if (optional) return [];
  const keys = keysOf(objects, kind, name, namespace);
  if (keys === undefined)
    return [{ object: nameOf(from), message: `refers to ${kind} ${name}, which there isn't` }];
  if (key === undefined || keys === "any" || keys.has(key)) return [];
  return [
    {
      object: nameOf(from),
      message: `refers to the key ${key} of ${kind} ${name}, which has ${[...keys].join(", ")}`,
    },
  ];
}

interface Named {
  name: string;
  kind?: string;
}

/** References of objects other than workloads. */
function ofObject(object: KubeObject): Found[] {
  const { namespace } = object.metadata;
  const spec = (object.spec ?? {}) as Record<string, unknown>;
  const to = (kind: string, name: string, inside = namespace): Found => [
    object,
    { kind, name, namespace: inside },
  ];
  switch (object.kind) {
    case "HorizontalPodAutoscaler":
    case "ScaledObject": {
      const { kind = "Deployment", name } = spec.scaleTargetRef as Named;
      return [to(kind, name)];
    }
    case "Rollout":
      return rolloutReferences(object as Rollout).map(({ kind, name }) => to(kind, name));
    case "ExternalSecret": {
      const store = spec.secretStoreRef as Named;
      return [
        store.kind === "ClusterSecretStore"
          ? [object, { kind: store.kind, name: store.name }]
          : to("SecretStore", store.name),
      ];
    }
    case "Ingress":
      return [
        [object, { kind: "IngressClass", name: String(spec.ingressClassName) }],
        ...backends(spec).map((name) => to("Service", name)),
      ];
    case "IngressClass": {
      const parameters = spec.parameters as Named | undefined;
      return parameters ? [[object, { kind: parameters.kind ?? "", name: parameters.name }]] : [];
    }
    default:
      return [];
  }
}

interface Rule {
  http?: { paths: { backend: { service?: { name: string; port?: { name?: string } } } }[] };
}

/** Services of an Ingress, except for actions of the load balancer. */
function backends(spec: Record<string, unknown>): string[] {
  return ((spec.rules ?? []) as Rule[])
    .flatMap(({ http }) => http?.paths ?? [])
    .flatMap(({ backend: { service } }) =>
      service && service.port?.name !== "use-annotation" ? [service.name] : [],
    );
}

/** Labels that a workload's pods have, permanently or temporarily. */
function labelsOf({ object, template }: PodOwner): Record<string, string> {
  const own = template.metadata?.labels ?? {};
  return object.kind === "Rollout" ? { ...own, ...incomingLabels(object as Rollout) } : own;
}

type Selecting = [from: KubeObject, selects: (workload: PodOwner) => boolean];

/** Services and budgets, with their selectors. */
function selectorsOf(objects: readonly KubeObject[]): Selecting[] {
  const sameNamespace = (from: KubeObject, { object }: PodOwner): boolean =>
    from.metadata.namespace === object.metadata.namespace;
  const services = ofKind<Service>(objects, "Service").filter(({ spec }) => spec.selector !== undefined);
  const budgets = ofKind<DisruptionBudget>(objects, "PodDisruptionBudget");
  return [
    ...services.map((from): Selecting => [
      from,
      (workload) =>
        sameNamespace(from, workload) && selects({ matchLabels: from.spec.selector }, labelsOf(workload)),
    ]),
    ...budgets.map((from): Selecting => [
      from,
      (workload) =>
        sameNamespace(from, workload) && selects(from.spec.selector, workload.template.metadata?.labels),
    ]),
  ];
}

function selectsNothing(
  from: KubeObject,
  isMeant: (workload: PodOwner) => boolean,
  workloads: readonly PodOwner[],
): Finding[] {
  return workloads.some(isMeant) ? [] : [{ object: nameOf(from), message: "selects no workload's pods" }];
}
