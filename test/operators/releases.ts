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

/** A workload whose versions are released by Argo Rollouts, and where requests reach it. */
export interface Released {
  namespace: string;
  name: string;
  ingress: string;
  asked: Asked;
}

/** What a look at a release shows. */
export interface Release {
  phase: string;
  message: string;
  shares: Shares;
  /** Version → pods that are ready. */
  pods: Readonly<Record<string, number>>;
}

/** Looks at a release: what the controller says of it, where requests go, and which pods there are. */
export async function look(cluster: Cluster, released: Released): Promise<Release> {
  const rollout = await rolloutOf(cluster, released);
  const { generation } = rollout.metadata;
  // Of a change that the controller hasn't seen its status says nothing.
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

/** Waits until the first version is there: nothing has served before it. */
export function untilFirst(cluster: Cluster, released: Released, version: string): Promise<Release> {
  return until(
    `${released.name} ${version}, the first`,
    120,
    () => look(cluster, released),
    (seen) => seen.phase === "Healthy" && seen.shares[version] === 100,
  );
}

/** Waits until a version has everything, and says so. */
export function untilAlone(
  cluster: Cluster,
  released: Released,
  version: string,
  seconds: number,
): Promise<Release> {
  return until(
    `${released.name} ${version} alone`,
    seconds,
    () => look(cluster, released),
    (seen) => seen.phase === "Healthy" && seen.shares[version] === 100,
    noGap,
  );
}

/** At no moment may a request lead nowhere. */
export const noGap = ({ shares: seen }: Release): string | undefined =>
  seen.nothing === undefined ? undefined : `${seen.nothing} % of the requests lead to no pod`;

/** Phases of all analyses of a workload so far. */
export async function verdicts(cluster: Cluster, released: Released): Promise<string[]> {
  return (await analyses(cluster, released)).map(({ status }) => status?.phase ?? "");
}

/** The figures that one metric's analyses have got so far. */
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
