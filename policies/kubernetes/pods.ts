import type { PolicyResource, ResourceValidationPolicy } from "@pulumi/policy";
import { type Context, type Control, onTypes } from "../lib/control";
import { each } from "../lib/wire";
import type { Container, ObjectMeta, PodSpec, PodTemplate } from "./types";

/** Any object that creates pods, as sent to the pack. */
export interface PodOwner {
  metadata?: ObjectMeta;
  spec?: PodSpec & {
    replicas?: number;
    template?: PodTemplate;
    jobTemplate?: { spec?: { template?: PodTemplate } };
    /** Of KEDA's ScaledJob. */
    jobTargetRef?: { template?: PodTemplate };
  };
  /** Of a PodTemplate. */
  template?: PodTemplate;
}

/** Kinds with long-running pods. */
const longRunning = [
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "ReplicationController",
  "Rollout",
];
const kinds = new Set([...longRunning, "Pod", "PodTemplate", "Job", "CronJob", "ScaledJob"]);
const groups = new Set(["core", "apps", "batch", "argoproj.io", "keda.sh", "extensions"]);

/** The kind in a Kubernetes type token, e.g. `Deployment`; undefined for a type without pods. */
function podKind(type: string): string | undefined {
  const match = /^kubernetes:([^/]+)\/[^:]+:(\w+)$/.exec(type);
  const [, group = "", kind = ""] = match ?? [];
  return groups.has(group) && kinds.has(kind) ? kind : undefined;
}

export const makesPods = (type: string): boolean => podKind(type) !== undefined;
export const runsOn = (type: string): boolean => longRunning.includes(podKind(type) ?? "");

/** Pod template of an object: labels, annotations and spec. Undefined for a Rollout that refers elsewhere. */
export function podTemplate(type: string, props: PodOwner): PodTemplate | undefined {
  switch (podKind(type)) {
    case "Pod":
      return { metadata: props.metadata, spec: props.spec };
    case "PodTemplate":
      return props.template;
    case "CronJob":
      return props.spec?.jobTemplate?.spec?.template;
    case "ScaledJob":
      return props.spec?.jobTargetRef?.template;
    default:
      return props.spec?.template;
  }
}

/** A container and its description, such as `init container "migrate"`. */
export interface Placed {
  container: Container;
  place: string;
}

/** Visits every container of a pod, including init and ephemeral ones, even after one with an unknown value. */
export function eachContainer(spec: PodSpec, visit: (placed: Placed) => void): void {
  const lists = [
    { title: "container", containers: spec.containers },
    { title: "init container", containers: spec.initContainers },
    { title: "ephemeral container", containers: spec.ephemeralContainers as Container[] | undefined },
  ];
  each(lists, ({ title, containers }) =>
    each(containers, (container) => visit({ container, place: `${title} "${container.name}"` })),
  );
}

/** A policy for the pods of all workload kinds. */
export function onPods<C extends object = object>(
  control: Control<C>,
  check: (spec: PodSpec, context: Context<C> & { template: PodTemplate }) => void,
  matches = makesPods,
): ResourceValidationPolicy {
  return onTypes<PodOwner, C>(matches, control, (props, context) => {
    const template = podTemplate(context.args.type, props);
    if (template) check(template.spec ?? {}, { ...context, template });
  });
}

/** A policy for each container of all workload kinds. */
export function onContainers<C extends object = object>(
  control: Control<C>,
  check: (container: Container, context: Context<C> & { spec: PodSpec; place: string }) => void,
): ResourceValidationPolicy {
  return onPods<C>(control, (spec, context) =>
    eachContainer(spec, ({ container, place }) => {
      const report = (message: string) => context.report(`${place}: ${message}`);
      check(container, { ...context, spec, place, report });
    }),
  );
}

/** Namespace of an object. Kubernetes' default is `default`. */
export function namespaceOf(resource: PolicyResource): string {
  return (resource.props as { metadata?: ObjectMeta }).metadata?.namespace ?? "default";
}

/** True if a label selector selects pods with these labels. Only `matchLabels` and the empty selector are read. */
export function selects(
  selector: { matchLabels?: Record<string, string | undefined>; matchExpressions?: unknown[] } | undefined,
  labels: Record<string, string | undefined>,
): boolean {
  if (!selector || (selector.matchExpressions?.length ?? 0) > 0) return false;
  return Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
}
