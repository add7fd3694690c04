import type { Cluster } from "./cluster";
import { type Patience, settle } from "./settle";
import { selects } from "./selectors";
import {
  type Autoscaler,
  type Job,
  type KubeEvent,
  type KubeObject,
  nameOf,
  type Pod,
  type Scaled,
} from "./types";
import { autoscalerOf } from "./workloads";

/** An object that isn't ready, and the cluster's reason. */
export interface Unready {
  object: KubeObject;
  why: string;
}

/** All objects that own pods and should become ready. */
export interface Owners {
  scaled: Scaled[];
  jobs: Job[];
  autoscalers: Autoscaler[];
}

export async function ownersIn(cluster: Cluster): Promise<Owners> {
  const [deployments, sets, jobs, autoscalers] = await Promise.all([
    cluster.list<Scaled>("apps/v1", "Deployment"),
    cluster.list<Scaled>("apps/v1", "StatefulSet"),
    cluster.list<Job>("batch/v1", "Job"),
    cluster.list<Autoscaler>("autoscaling/v2", "HorizontalPodAutoscaler"),
  ]);
  return { scaled: [...deployments, ...sets], jobs, autoscalers };
}

/** Waits until everything is ready or nothing changes any more; returns what isn't ready. */
export async function awaitReady(
  cluster: Cluster,
  patience?: Patience,
  concerns: (object: KubeObject) => boolean = () => true,
): Promise<Unready[]> {
  let waiting: KubeObject[] = [];
  const ready = await settle(async () => {
    const owners = await ownersIn(cluster);
    waiting = unreadyAmong(owners).filter(concerns);
    return {
      done: waiting.length === 0,
      state: JSON.stringify(waiting.map(({ metadata, status }) => [metadata.name, status])),
    };
  }, patience);
  return ready ? [] : explain(cluster, waiting);
}

/** Owners that haven't reached their desired state. Pure. */
export function unreadyAmong({ scaled, jobs, autoscalers }: Owners): KubeObject[] {
  return [
    ...scaled.filter((object) => !isReady(object, autoscalerOf(object, autoscalers)?.spec.minReplicas ?? 0)),
    ...jobs.filter((job) => !hasCondition(job, "Complete")),
  ];
}

function isReady({ metadata, spec, status = {} }: Scaled, least: number): boolean {
  const { replicas = 1 } = spec;
  return (
    // An autoscaler takes a moment to raise a new workload to its minimum.
    replicas >= least &&
    (status.observedGeneration ?? 0) >= (metadata.generation ?? 0) &&
    (status.replicas ?? 0) === replicas &&
    (status.updatedReplicas ?? 0) === replicas &&
    (status.availableReplicas ?? 0) === replicas
  );
}

function hasCondition({ status }: Job, type: string): boolean {
  return (
    status?.conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false
  );
}

async function explain(cluster: Cluster, objects: readonly KubeObject[]): Promise<Unready[]> {
  const [pods, events] = await Promise.all([
    cluster.list<Pod>("v1", "Pod"),
    cluster.list<KubeEvent>("v1", "Event"),
  ]);
  return objects.map((object) => ({ object, why: wordsAbout(object, pods, events) }));
}

function wordsAbout(object: KubeObject, pods: readonly Pod[], events: readonly KubeEvent[]): string {
  const { name, namespace } = object.metadata;
  const { selector } = (object as Scaled).spec;
  const failures = ((object as Scaled).status?.conditions ?? [])
    .filter(({ type, status }) => ["ReplicaFailure", "Failed"].includes(type) && status === "True")
    .map(({ message }) => message);
  const own = pods.filter(
    ({ metadata }) => metadata.namespace === namespace && selects(selector, metadata.labels),
  );
  const unscheduled = own
    .flatMap(({ status }) => status?.conditions ?? [])
    .filter(({ type, status }) => type === "PodScheduled" && status === "False")
    .map(({ message }) => message);
  const refused = events
    .filter(
      ({ involvedObject: about, reason }) =>
        about.namespace === namespace && reason === "FailedCreate" && isAbout(about.name, name),
    )
    .map(({ message }) => message);
  const words = [...new Set([...failures, ...unscheduled, ...refused])].filter((word) => word !== undefined);
  return words.length > 0 ? words.join("; ") : `no event; its status: ${JSON.stringify(object.status ?? {})}`;
}

/** A ReplicaSet's name is its Deployment's with a hash. */
function isAbout(name: string, owner: string): boolean {
  return name === owner || name.replace(/-[a-z0-9]+$/, "") === owner;
}

/** One line for a report. */
export function unreadyWords({ object, why }: Unready): { object: string; message: string } {
  return { object: nameOf(object), message: why };
}
