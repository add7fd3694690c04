import type { Cluster } from "../cluster/cluster";
import type { KubeObject } from "../cluster/types";
import { ready } from "./pods";
import { type Asked, type Shares, shares, tagOf } from "./ingress";
import { until } from "./watch";

interface Rollout extends KubeObject {
  spec: { selector: { matchLabels: Record<string, string> } };
  status?: { phase?: string; message?: string; abort?: boolean; observedGeneration?: string };
}

interface AnalysisRun extends KubeObject {
  status?: { phase?: string; metricResults?: { name: string; measurements?: { value?: string }[] }[] };
}

/** A workload that Argo Rollouts releases, and its public route. */
export interface Released {
  namespace: string;
  name: string;
  ingress: string;
  asked: Asked;
}

/** State of a release at one check. */
export interface Release {
  phase: string;
  message: string;
  shares: Shares;
  /** Version → ready pods. */
  pods: Readonly<Record<string, number>>;
}

/** Reads the state of a release: the controller's status, the routing of requests, and the pods. */
export async function look(cluster: Cluster, released: Released): Promise<Release> {
  const rollout = await rolloutOf(cluster, released);
  const { generation } = rollout.metadata;
  // The status is outdated until the controller has observed the change.
  const current = rollout.status?.observedGeneration === String(generation);
  const pods = await ready(cluster, released.namespace, rollout.spec.selector.matchLabels);
  const counted: Record<string, number> = {};
  for (const pod of pods) counted[tagOf(pod)] = (counted[tagOf(pod)] ?? 0) + 1;
  return {
    phase: current ? (rollout.status?.phase ?? "") : "unseen",
    message: rollout.status?.message ?? "",
    shares: await sharesOf(cluster, released),
    pods: counted,
  };
}

export function sharesOf(
  cluster: Cluster,
  { namespace, ingress, asked }: Released,
  headers: Asked["headers"] = {},
): Promise<Shares> {
  return shares(cluster, { name: ingress, namespace }, { ...asked, headers });
}

/** Waits for the first version, before which nothing serves. */
export function untilFirst(cluster: Cluster, released: Released, version: string): Promise<Release> {
  return until(
    `${released.name} ${version}, the first`,
    120,
    () => look(cluster, released),
    (seen) => seen.phase === "Healthy" && seen.shares[version] === 100,
  );
}

/** Waits until a version gets all requests and the release is complete. */
export function untilAlone(
  cluster: Cluster,
  released: Released,
  version: string,
  seconds: number,
): Promise<Release> {
  return until(
    `only ${released.name} ${version}`,
    seconds,
    () => look(cluster, released),
    (seen) => seen.phase === "Healthy" && seen.shares[version] === 100,
    noGap,
  );
}

/** Requests must reach a pod at all times. */
export const noGap = ({ shares: seen }: Release): string | undefined =>
  seen.nothing === undefined ? undefined : `${seen.nothing} % of the requests reach no pod`;

/** Phases of all analyses of a workload. */
export async function verdicts(cluster: Cluster, released: Released): Promise<string[]> {
  return (await analyses(cluster, released)).map(({ status }) => status?.phase ?? "");
}

/** Measurements of one metric in all analyses. */
export async function figures(cluster: Cluster, released: Released, metric: string): Promise<number[]> {
  const results = (await analyses(cluster, released)).flatMap(({ status }) => status?.metricResults ?? []);
  return results
    .filter(({ name }) => name === metric)
    .flatMap(({ measurements = [] }) =>
      measurements.map(({ value = "" }) => Number(value.replace(/[[\]]/g, ""))),
    );
}

async function analyses(cluster: Cluster, { namespace, name }: Released): Promise<AnalysisRun[]> {
  const runs = await cluster.list<AnalysisRun>("argoproj.io/v1alpha1", "AnalysisRun", namespace);
  return runs.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.name === name));
}

function rolloutOf(cluster: Cluster, { namespace, name }: Released): Promise<Rollout> {
  return cluster.get<Rollout>({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name, namespace },
  });
}
