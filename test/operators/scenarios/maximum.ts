import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { ApiError } from "../../cluster/client";
import type { Cluster } from "../../cluster/cluster";
import { ofKind } from "../../cluster/manifests";
import type { DisruptionBudget, KubeEvent, KubeObject, Node, Pod } from "../../cluster/types";
import { look, noGap, type Release, untilFirst } from "../releases";
import type { Scenario } from "../scenario";
import type { Scene } from "../scene";
import { observe, until } from "../watch";
import { API } from "./canary";

const ZONE = "topology.kubernetes.io/zone";

/** Drains nodes as an upgrade does: cordons them, and evicts their pods as the budgets allow. */
async function drain(cluster: Cluster, nodes: readonly Node[]): Promise<void> {
  for (const node of nodes) await cluster.patch(node, { spec: { unschedulable: true } });
  const names = new Set(nodes.map(({ metadata }) => metadata.name));
  const deadline = Date.now() + 180_000;
  for (;;) {
    const pods = (await cluster.list<Pod>("v1", "Pod")).filter(
      ({ metadata, spec, status }) =>
        names.has(spec.nodeName ?? "") &&
        metadata.deletionTimestamp === undefined &&
        status?.phase === "Running",
    );
    if (pods.length === 0) return;
    if (Date.now() > deadline) {
      const left = pods.map(({ metadata }) => `${metadata.namespace ?? ""}/${metadata.name}`);
      throw new Error(`not drained within three minutes: ${left.join(", ")}`);
    }
    for (const pod of pods) await evict(cluster, pod);
    await sleep(500);
  }
}

/** If the budget refuses it is retried later; a missing pod is ignored. */
async function evict(cluster: Cluster, pod: Pod): Promise<void> {
  try {
    await cluster.evict(pod);
  } catch (error) {
    if (!(error instanceof ApiError) || ![404, 429].includes(error.code)) throw error;
  }
}

interface Seen {
  release: Release;
  /** Budgets that are violated now. */
  broken: string[];
}

async function see(cluster: Cluster): Promise<Seen> {
  const budgets = await cluster.list<DisruptionBudget>("policy/v1", "PodDisruptionBudget");
  const broken = budgets
    .filter(({ status }) => (status?.currentHealthy ?? 0) < (status?.desiredHealthy ?? 0))
    .map(({ metadata }) => `${metadata.namespace ?? ""}/${metadata.name}`);
  return { release: await look(cluster, API), broken };
}

/** Pods that a quota refused, or that no node has room for. */
async function refused(cluster: Cluster): Promise<string[]> {
  const events = await cluster.list<KubeEvent>("v1", "Event", API.namespace);
  return events
    .filter(({ reason, message = "" }) => reason === "FailedCreate" && message.includes("exceeded quota"))
    .map(({ message = "" }) => message);
}

async function play(scene: Scene): Promise<void> {
  const { cluster, pods } = scene;
  // Six times the target of a pod, so the autoscaler wants its maximum at any number of pods.
  for (const version of ["1.0.0", "2.0.0"])
    pods.behave(`asset-management-api:${version}`, { requestsPerSecond: 100 });
  await untilFirst(cluster, API, "1.0.0");
  await until(
    "as many pods as are allowed",
    300,
    () => look(cluster, API),
    ({ pods: there }) => there["1.0.0"] === 15,
    noGap,
  );

  await scene.deploy({ "asset-management.workloads.api.image": "asset-management-api:2.0.0" });
  const upheaval = async (): Promise<void> => {
    await until(
      "the canary",
      60,
      () => look(cluster, API),
      ({ shares }) => (shares["2.0.0"] ?? 0) > 0,
      noGap,
    );
    const nodes = (await cluster.list<Node>("v1", "Node")).filter(
      ({ metadata }) => metadata.labels?.["karpenter.sh/nodepool"] === "workloads",
    );
    const zone = nodes[0]?.metadata.labels?.[ZONE];
    await drain(cluster, nodes.slice(0, 1));
    await drain(
      cluster,
      nodes.filter(({ metadata }) => metadata.labels?.[ZONE] === zone),
    );
    await until(
      "the release",
      600,
      () => look(cluster, API),
      ({ phase, shares }) => phase === "Healthy" && shares["2.0.0"] === 100,
      noGap,
    );
  };
  const seen = await observe(() => see(cluster), upheaval());
  const broken = [...new Set(seen.flatMap((one) => one.broken))];
  assert.deepEqual(broken, [], "budgets that weren't kept");
  assert.equal(seen.at(-1)?.release.pods["2.0.0"], 15, "the new version has as many pods as the old one had");
  assert.deepEqual(await refused(cluster), [], "pods that the quota refused");
}

export const maximum: Scenario = {
  name: "at the maximum, during a canary, a node and a whole zone are drained: budgets and quotas hold",
  needs: ["rollouts-controller", "prometheus", "keda-operator", "keda-metrics-server", "cert-manager"],
  apart: true,
  play,
  spoil: {
    what: "the quota has room for fewer pods than are allowed",
    finds: /^as many pods as are allowed: not within/,
    objects: (objects) => {
      for (const { metadata, spec } of ofKind<KubeObject & { spec: { hard: Record<string, string> } }>(
        objects,
        "ResourceQuota",
      ))
        if (metadata.namespace === API.namespace) spec.hard.pods = "17";
    },
  },
};
