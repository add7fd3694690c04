import assert from "node:assert/strict";

import type { Cluster } from "../../cluster/cluster";
import { ownersIn, unreadyAmong } from "../../cluster/readiness";
import { type KubeObject, nameOf } from "../../cluster/types";
import { stepsOf } from "../../engine/events";
import { failed } from "../../engine/lifecycle";
import type { Outcome } from "../../engine/pulumi";
import { Deployer } from "../engine/deployer";
import { StandIns } from "../engine/stand-ins";
import type { Scenario } from "../scenario";
import type { Scene } from "../scene";
import { trace, until } from "../watch";
import { SHORTER } from "./settings";

/** Kinds whose objects controllers change, which Pulumi must not report as changes. */
const WRITTEN = [
  ["argoproj.io/v1alpha1", "Rollout"],
  ["keda.sh/v1alpha1", "ScaledObject"],
  ["cert-manager.io/v1", "Certificate"],
  ["networking.k8s.io/v1", "Ingress"],
  ["apps/v1", "Deployment"],
  ["v1", "Service"],
] as const;

/** Field managers of objects: the names of Pulumi's start with `pulumi`. */
type Managed = KubeObject & {
  metadata: KubeObject["metadata"] & {
    managedFields?: { manager: string; subresource?: string }[];
    finalizers?: string[];
    deletionTimestamp?: string;
  };
  status?: { phase?: string; conditions?: { type: string; status: string }[] };
};

/** New images for a Deployment that KEDA scales, and for a canary. */
const UPDATE = {
  "opmas.workloads.management-api.image": "opmas/management-api:1.1.0",
  "ams.workloads.api.image": "ams-api:1.1.0",
};

/** Throws the command's errors if it failed. */
function succeeded(what: string, outcome: Outcome): void {
  const faults = failed(outcome);
  trace(what, `${outcome.seconds.toFixed(0)} s, ${stepsOf(outcome.events).length} steps`);
  assert.deepEqual(faults, [], what);
}

/** Throws the changes of a preview. */
function unchanged(what: string, outcome: Outcome): void {
  trace(what, `${outcome.seconds.toFixed(0)} s`);
  const steps = stepsOf(outcome.events).map(
    ({ op, urn, changed }) => `${op} ${urn.split("::").at(-1) ?? ""}: ${changed.join(", ")}`,
  );
  assert.deepEqual(steps, [], what);
  succeeded(what, outcome);
}

/** Objects that aren't ready although Pulumi waited for them. */
async function unready(cluster: Cluster): Promise<string[]> {
  const rollouts = await cluster.list<Managed>("argoproj.io/v1alpha1", "Rollout");
  const certificates = await cluster.list<Managed>("cert-manager.io/v1", "Certificate");
  const isReady = ({ status }: Managed): boolean =>
    status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;
  return [
    ...unreadyAmong(await ownersIn(cluster)),
    ...rollouts.filter(({ status }) => status?.phase !== "Healthy"),
    ...certificates.filter((certificate) => !isReady(certificate)),
  ].map(nameOf);
}

/** Controllers that have written to Pulumi's objects, except to their status. */
async function writers(cluster: Cluster): Promise<string[]> {
  const lists = await Promise.all(WRITTEN.map(([version, kind]) => cluster.list<Managed>(version, kind)));
  const managers = lists
    .flat()
    .map(({ metadata }) => metadata.managedFields ?? [])
    .filter((fields) => fields.some(({ manager }) => manager.startsWith("pulumi")))
    .flatMap((fields) => fields.filter(({ subresource }) => subresource === undefined))
    .map(({ manager }) => manager)
    .filter((manager) => !manager.startsWith("pulumi"));
  return [...new Set(managers)].sort();
}

/** What still exists after destroy: Pulumi's namespaces, and objects whose finalizer no controller removes. */
async function left(cluster: Cluster): Promise<string[]> {
  const own = new Set(["default", "kube-system", "kube-public", "kube-node-lease", "cert-manager"]);
  const namespaces = await cluster.list<Managed>("v1", "Namespace");
  const kinds = [
    ["keda.sh/v1alpha1", "ScaledObject"],
    ["argoproj.io/v1alpha1", "Rollout"],
    ["jetstream.nats.io/v1beta2", "Stream"],
    ["jetstream.nats.io/v1beta2", "Consumer"],
    ["external-secrets.io/v1", "ExternalSecret"],
    ["external-secrets.io/v1", "ClusterSecretStore"],
    ["karpenter.sh/v1", "NodePool"],
    ["eks.amazonaws.com/v1", "NodeClass"],
    ["networking.k8s.io/v1", "Ingress"],
    ["v1", "PersistentVolume"],
  ] as const;
  const lists = await Promise.all(kinds.map(([version, kind]) => cluster.list<Managed>(version, kind)));
  return [...namespaces.filter(({ metadata }) => !own.has(metadata.name)), ...lists.flat()].map(
    (object) => `${nameOf(object)} (finalizers: ${object.metadata.finalizers?.join(", ") ?? "none"})`,
  );
}

async function live(scene: Scene, deployer: Deployer, spoilt: boolean): Promise<void> {
  const { pulumi } = deployer;
  const { cluster } = scene;
  succeeded("stack init", await pulumi.init());
  succeeded("up", await pulumi.up({ name: "up" }));
  await cluster.discover();
  assert.deepEqual(await unready(cluster), [], "not ready, although up has waited");
  unchanged("a preview right after up", await pulumi.preview({ name: "settled" }, "--expect-no-changes"));

  await until(
    "controllers have written into Pulumi's objects",
    120,
    () => writers(cluster),
    (seen) => ["keda", "rollouts-controller"].every((name) => seen.some((writer) => writer.includes(name))),
  );
  if (spoilt) await overwrite(cluster);
  unchanged(
    "a preview after a refresh",
    await pulumi.preview({ name: "refreshed" }, "--refresh", "--expect-no-changes"),
  );

  deployer.set(UPDATE);
  const update = await pulumi.up({ name: "update" });
  succeeded("an update of two images", update);
  assert.deepEqual(await unready(cluster), [], "not ready, although the update has waited");
  unchanged(
    "a preview after the update",
    await pulumi.preview({ name: "updated" }, "--refresh", "--expect-no-changes"),
  );

  succeeded("destroy", await pulumi.destroy({ name: "destroy" }, "--skip-preview"));
  assert.deepEqual(await left(cluster), [], "left after destroy");
}

/** Overwrites a field of Pulumi's as a controller would. */
async function overwrite(cluster: Cluster): Promise<void> {
  const [service] = await cluster.list<Managed>("v1", "Service", "opmas-api");
  assert.ok(service !== undefined);
  await cluster.patch(service, { metadata: { labels: { "app.kubernetes.io/managed-by": "another" } } });
}

export const engine: Scenario = {
  name: "pulumi up, preview, update and destroy by the real engine with the real Kubernetes provider",
  needs: [
    "pulumi",
    "pulumi-resource-kubernetes",
    "cert-manager",
    "prometheus",
    "rollouts-controller",
    "keda-operator",
    "keda-metrics-server",
  ],
  apart: true,
  empty: true,
  play: async (scene, spoilt) => {
    const deployer = await Deployer.start(scene);
    try {
      deployer.edit((document) => document.setIn(["config", "plinth:protect"], false));
      deployer.set(SHORTER);
      await new StandIns(scene).during(live(scene, deployer, spoilt));
    } finally {
      deployer.close();
    }
  },
  spoil: {
    what: "a controller overwrites a label that the program sets",
    finds: /a preview after a refresh/,
    objects: () => undefined,
  },
};
