import { ofKind } from "./manifests";
import { add, type Amounts, NOTHING, requestsOf, times } from "./quantities";
import { type Rollout, rolloutSurge } from "./rollouts";
import type { Autoscaler, CronJob, Job, KubeObject, PodTemplate, Scaled } from "./types";

/** An owner of pods: what the checks need to know of it. */
export interface Workload {
  object: KubeObject;
  template: PodTemplate;
  /** Maximum number of pods: the autoscaler's, else its replicas. */
  most: number;
  /** Additional pods during a rolling update at that size. */
  surge: number;
}

interface RollingUpdate {
  strategy?: { type?: string; rollingUpdate?: { maxSurge?: number | string } };
}

/** Every object for which the cluster would create pods, including Argo's Rollouts. */
export function workloadsOf(objects: readonly KubeObject[]): Workload[] {
  const scaled = ["Deployment", "Rollout", "StatefulSet"].flatMap((kind) => ofKind<Scaled>(objects, kind));
  const once = ofKind<Job>(objects, "Job").map((object) => single(object, object.spec.template));
  const cron = ofKind<CronJob>(objects, "CronJob").map((object) =>
    single(object, object.spec.jobTemplate.spec.template),
  );
  return [...scaled.map((object) => sized(object, objects)), ...once, ...cron];
}

/** Sets names in the account's registry for images that only a deployment knows, since it builds them. */
export function builtImages(objects: readonly KubeObject[], account: string): void {
  for (const { template } of workloadsOf(objects))
    for (const container of [...template.spec.containers, ...(template.spec.initContainers ?? [])])
      if (container.image === "unknown")
        container.image = `${account}.dkr.ecr.us-east-1.amazonaws.com/built:1`;
}

/**
 * Namespaces of systems, to which people have access. Namespaces with only jobs don't count: the job that creates a
 * database's roles has the master user's password.
 */
export function systemNamespaces(objects: readonly KubeObject[], declared: readonly string[]): string[] {
  const running = workloadsOf(objects).filter(({ object }) => object.kind !== "Job");
  return [...new Set(running.map(({ object }) => object.metadata.namespace ?? "default"))].filter((name) =>
    declared.includes(name),
  );
}

/** The autoscaler of a workload, if it has one. */
export function autoscalerOf(target: KubeObject, objects: readonly KubeObject[]): Autoscaler | undefined {
  return ofKind<Autoscaler>(objects, "HorizontalPodAutoscaler").find(
    ({ metadata, spec: { scaleTargetRef: ref } }) =>
      metadata.namespace === target.metadata.namespace &&
      ref.kind === target.kind &&
      ref.name === target.metadata.name,
  );
}

/** Total requests of all pods when every workload is at its maximum during a rolling update. */
export function demandOf(workloads: readonly Workload[]): Amounts {
  return workloads
    .map(({ template, most, surge }) => times(requestsOf(template.spec), most + surge))
    .reduce(add, NOTHING);
}

function single(object: KubeObject, template: PodTemplate): Workload {
  return { object, template, most: 1, surge: 0 };
}

function sized(object: Scaled, objects: readonly KubeObject[]): Workload {
  const most = autoscalerOf(object, objects)?.spec.maxReplicas ?? object.spec.replicas ?? 1;
  return { object, template: object.spec.template, most, surge: surgeOf(object, most) };
}

/** Kubernetes' default is 25 %, rounded up; a StatefulSet replaces its pods in place. */
function surgeOf(object: Scaled, most: number): number {
  if (object.kind === "StatefulSet") return 0;
  const { strategy } = object.spec as RollingUpdate;
  if (strategy?.type === "Recreate") return 0;
  const surge =
    object.kind === "Rollout"
      ? rolloutSurge(object as Rollout)
      : (strategy?.rollingUpdate?.maxSurge ?? "25%");
  return typeof surge === "number" ? surge : Math.ceil((Number.parseFloat(surge) / 100) * most);
}
