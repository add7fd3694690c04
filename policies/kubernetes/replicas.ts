import type { PolicyResource } from "@pulumi/policy";
import { ofType } from "../lib/joins";
import { mapKnown } from "../lib/wire";
import { namespaceOf, podTemplate, type PodOwner } from "./pods";
import type { KubernetesTypes, ObjectMeta, PodSpec } from "./types";

type Budget = NonNullable<KubernetesTypes["kubernetes:policy/v1:PodDisruptionBudget"]["spec"]>;

/** Kinds with a number of replicas. */
const scalable = new Set([
  "kubernetes:apps/v1:Deployment",
  "kubernetes:apps/v1:StatefulSet",
  "kubernetes:argoproj.io/v1alpha1:Rollout",
]);

/** An autoscaler of a workload, and its minimum. */
export interface Scaler {
  resource: PolicyResource;
  least: number;
}

/** A workload with the values that the availability policies check. */
export interface Workload {
  resource: PolicyResource;
  /** Namespace, kind and name, as in an autoscaler's target. */
  key: string;
  namespace: string;
  labels: Record<string, string | undefined>;
  spec: PodSpec;
  /** Minimum number of pods: that of its autoscaler, else spec.replicas, else 1. */
  replicas: number;
}

/** Every autoscaler with its target's key. */
export function allScalers(resources: PolicyResource[]): [string, Scaler][] {
  const ours = mapKnown(
    ofType(resources, "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"),
    (resource) => {
      const { spec } = resource.props as KubernetesTypes["kubernetes:autoscaling/v2:HorizontalPodAutoscaler"];
      return entry(resource, spec?.scaleTargetRef, spec?.minReplicas ?? 1);
    },
  );
  const keda = mapKnown(ofType(resources, "kubernetes:keda.sh/v1alpha1:ScaledObject"), (resource) => {
    const { spec } = resource.props as KubernetesTypes["kubernetes:keda.sh/v1alpha1:ScaledObject"];
    return entry(resource, spec?.scaleTargetRef, spec?.minReplicaCount ?? 0);
  });
  return [...ours, ...keda];
}

/** The autoscaler of each target, by the target's key. */
export const scalers = (resources: PolicyResource[]): Map<string, Scaler> => new Map(allScalers(resources));

function entry(
  resource: PolicyResource,
  target: { kind?: string; name?: string } | undefined,
  least: number,
): [string, Scaler] {
  return [`${namespaceOf(resource)}/${target?.kind ?? "Deployment"}/${target?.name}`, { resource, least }];
}

/** The stack's workloads with a number of pods, except those whose name or labels are unknown in a preview. */
export function workloads(resources: PolicyResource[]): Workload[] {
  const targets = scalers(resources);
  const owners = resources.filter((resource) => scalable.has(resource.type));
  return mapKnown(owners, (resource) => readWorkload(resource, targets)).filter(
    (found) => found !== undefined,
  );
}

function readWorkload(resource: PolicyResource, targets: Map<string, Scaler>): Workload | undefined {
  const props = resource.props as PodOwner;
  const template = podTemplate(resource.type, props);
  if (!template) return undefined;
  const namespace = namespaceOf(resource);
  const name = (props.metadata as ObjectMeta | undefined)?.name ?? resource.name;
  const key = `${namespace}/${resource.type.split(":")[2]}/${name}`;
  return {
    resource,
    key,
    namespace,
    labels: template.metadata?.labels ?? {},
    spec: template.spec ?? {},
    replicas: targets.get(key)?.least ?? props.spec?.replicas ?? 1,
  };
}

/** A disruption budget, its namespace and its selector. */
export interface DisruptionBudget {
  resource: PolicyResource;
  namespace: string;
  spec: Budget;
}

/** The stack's disruption budgets. */
export function disruptionBudgets(resources: PolicyResource[]): DisruptionBudget[] {
  return mapKnown(ofType(resources, "kubernetes:policy/v1:PodDisruptionBudget"), (resource) => {
    const { spec = {} } = resource.props as KubernetesTypes["kubernetes:policy/v1:PodDisruptionBudget"];
    return { resource, namespace: namespaceOf(resource), spec };
  });
}
