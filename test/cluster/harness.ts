import assert from "node:assert/strict";

import { applyAll } from "./apply";
import { type Assets, findAssets } from "./assets";
import type { Context, Finding } from "./checks/check";
import { CLUSTER_ROLES } from "./checks/rbac-table";
import type { Cluster } from "./cluster";
import { ControlPlane } from "./control-plane";
import { definitionsFor, install, readDefinitions } from "./crds";
import { asRollout } from "./fixtures/rollout";
import { factsOf, pick, set, shop } from "./fixtures/shop";
import { addNodes, planNodes } from "./nodes";
import { operate } from "./operated";
import { kindOrder } from "./order";
import { awaitReady } from "./readiness";
import { settle } from "./settle";
import type { KubeObject } from "./types";

/** Faults show sooner on a cluster with one small system than on a stack's. */
export const PATIENCE = { stallMs: 4_000, timeoutMs: 60_000 };

let plane: ControlPlane | undefined;
let assets: Assets | undefined;

/** One control plane for all tests; each test has its own namespace. */
export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    this.timeout(120_000);
    assets = findAssets();
    plane = await ControlPlane.start({ assets });
    const objects = [...shop(), ...asRollout(shop())];
    await install(plane.cluster, definitionsFor(objects, readDefinitions(assets.crds)));
    await addNodes(plane.cluster, planNodes(asRollout(shop()), factsOf(objects).nodes));
  },
  async afterAll(): Promise<void> {
    await plane?.stop();
  },
};

export function theCluster(): Cluster {
  if (!plane) throw new Error("the tests of the cluster test run with test/cluster/.mocharc.yml");
  return plane.cluster;
}

export function theAssets(): Assets {
  return (assets ??= findAssets());
}

let count = 0;

/** Modifies the sample's objects, or returns others. */
export type Spoil = (objects: KubeObject[]) => KubeObject[] | undefined;

/** Sets a field of one object of the sample. */
export function changed(kind: string, name: string | undefined, path: string, value: unknown): Spoil {
  return (objects) => {
    set(pick(objects, kind, name), path, value);
    return objects;
  };
}

/** Applies the modified sample system to its own namespace while `examine` runs. */
export async function withSystem(spoil: Spoil, examine: (context: Context) => Promise<void>): Promise<void> {
  const namespace = `shop-${++count}`;
  const sample = shop(namespace);
  const objects = spoil(sample) ?? sample;
  const cluster = theCluster();
  try {
    const applied = await applyAll(cluster, kindOrder(objects));
    applied.push(...(await operate(cluster, objects)));
    await examine({ cluster, objects, applied, facts: factsOf(objects), patience: PATIENCE });
  } finally {
    await remove(cluster, namespace);
  }
}

/** Like `withSystem`, but `examine` runs once everything is ready. */
export function withReadySystem(spoil: Spoil, examine: (context: Context) => Promise<void>): Promise<void> {
  return withSystem(spoil, async (context) => {
    assert.deepEqual(await awaitReady(context.cluster, PATIENCE), []);
    await examine(context);
  });
}

/** Asserts that the check found exactly one fault, with this object and message. */
export function assertFound(findings: readonly Finding[], object: RegExp, words: RegExp): void {
  assert.notEqual(findings.length, 0, "the check found nothing");
  for (const finding of findings) {
    assert.match(finding.object, object);
    assert.match(finding.message, words);
  }
}

/** Kinds that create pods, owners of owners first. */
const OWNERS = [
  ["autoscaling/v2", "HorizontalPodAutoscaler"],
  ["batch/v1", "CronJob"],
  ["batch/v1", "Job"],
  ["apps/v1", "Deployment"],
  ["apps/v1", "StatefulSet"],
] as const;

/** Deletes a namespace's objects: the namespace controller waits five seconds before it starts. */
async function remove(cluster: Cluster, namespace: string): Promise<void> {
  for (const [apiVersion, kind] of OWNERS) {
    for (const object of await cluster.list(apiVersion, kind, namespace)) await cluster.delete(object);
  }
  await removeRoleBindings(cluster);
  await settle(async () => {
    const left = (await cluster.list("v1", "Pod", namespace)).map(({ metadata }) => metadata.name);
    return { done: left.length === 0, state: left.join() };
  });
  const object = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
  if (await cluster.find(object)) await cluster.delete(object);
}

async function removeRoleBindings(cluster: Cluster): Promise<void> {
  const roles = new Set(Object.values(CLUSTER_ROLES));
  type Binding = KubeObject & { roleRef: { name: string } };
  for (const binding of await cluster.list<Binding>("rbac.authorization.k8s.io/v1", "ClusterRoleBinding")) {
    const ours = roles.has(binding.roleRef.name) && binding.metadata.name.startsWith("plinth-trial-");
    if (ours) await cluster.delete(binding);
  }
}
