import { setTimeout as sleep } from "node:timers/promises";

import { ApiError } from "../../cluster/client";
import type { Condition, KubeObject } from "../../cluster/types";
import type { Scene } from "../scene";

const PACE_MS = 300;

interface Standing extends KubeObject {
  metadata: KubeObject["metadata"] & { finalizers?: string[]; deletionTimestamp?: string };
  status?: { conditions?: Condition[]; loadBalancer?: { ingress?: object[] } };
}

/** A kind whose controller isn't built, and what that controller would write to its objects. */
interface Kind {
  apiVersion: string;
  kind: string;
  /** Chart whose Deployment must exist, since it is the controller. Undefined: EKS runs the controller. */
  chart?: string;
  /** Finalizer set on each object, and removed when the object is deleted and `free` returns true. */
  finalizer?: string;
  free?: (scene: Scene, object: Standing) => Promise<boolean>;
  /** Status that it writes once. Default: the condition `Ready`. */
  status?: object;
}

/** Namespace of each chart whose Deployment determines whether its program runs. */
const CHARTS: Readonly<Record<string, string>> = {
  keda: "keda",
  "argo-rollouts": "argo-rollouts",
  "external-secrets": "external-secrets",
  nack: "nack",
};

const exists = async (scene: Scene, apiVersion: string, kind: string): Promise<boolean> =>
  scene.cluster.serves(apiVersion, kind) && (await scene.cluster.list(apiVersion, kind)).length > 0;

const KINDS: readonly Kind[] = [
  { apiVersion: "external-secrets.io/v1", kind: "ClusterSecretStore", chart: "external-secrets" },
  { apiVersion: "external-secrets.io/v1", kind: "ExternalSecret", chart: "external-secrets" },
  { apiVersion: "jetstream.nats.io/v1beta2", kind: "Account", chart: "nack" },
  {
    apiVersion: "jetstream.nats.io/v1beta2",
    kind: "Stream",
    chart: "nack",
    finalizer: "streamfinalizer.jetstream.nats.io",
  },
  {
    apiVersion: "jetstream.nats.io/v1beta2",
    kind: "Consumer",
    chart: "nack",
    finalizer: "consumerfinalizer.jetstream.nats.io",
  },
  { apiVersion: "karpenter.sh/v1", kind: "NodePool" },
  {
    apiVersion: "eks.amazonaws.com/v1",
    kind: "NodeClass",
    finalizer: "eks.amazonaws.com/termination",
    free: async (scene) => !(await exists(scene, "karpenter.sh/v1", "NodePool")),
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    finalizer: "eks.amazonaws.com/resources",
    // The load balancer's controller needs the class to find what to remove.
    free: async (scene) =>
      (await exists(scene, "networking.k8s.io/v1", "IngressClass")) &&
      (await exists(scene, "eks.amazonaws.com/v1", "IngressClassParams")),
    status: { loadBalancer: { ingress: [{ hostname: "k8s-plinth.ap-northeast-2.elb.amazonaws.com" }] } },
  },
];

/**
 * Does the work of controllers that aren't built, External Secrets, NACK and Auto Mode's, which Pulumi waits for:
 * conditions, addresses, finalizers. Starts and stops the real programs with the Deployments of their charts.
 */
export class StandIns {
  private over = false;
  private readonly installed = new Set<string>();

  constructor(private readonly scene: Scene) {}

  /** Runs until `work` settles. */
  async during<T>(work: Promise<T>): Promise<T> {
    const loop = this.loop();
    try {
      return await Promise.race([work, loop.then(() => work)]);
    } finally {
      this.over = true;
      await loop.catch(() => undefined);
    }
  }

  private async loop(): Promise<void> {
    while (!this.over) {
      await this.programs();
      for (const kind of KINDS) await this.tend(kind);
      await sleep(PACE_MS);
    }
  }

  private async programs(): Promise<void> {
    const { scene } = this;
    for (const [chart, namespace] of Object.entries(CHARTS)) {
      const ref = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: chart, namespace } };
      const there = (await scene.cluster.find(ref)) !== undefined;
      if (there === this.installed.has(chart)) continue;
      if (there) this.installed.add(chart);
      else this.installed.delete(chart);
      await scene.cluster.discover();
      if (chart === "keda") await (there ? scene.startKeda() : scene.stopKeda());
      if (chart === "argo-rollouts")
        await (there ? scene.programs.argoRollouts() : scene.programs.stop("rollouts-controller"));
    }
  }

  private async tend(kind: Kind): Promise<void> {
    const { apiVersion, kind: name, chart } = kind;
    if (chart !== undefined && !this.installed.has(chart)) return;
    if (!this.scene.cluster.serves(apiVersion, name)) return;
    const objects = await unlessBusy(this.scene.cluster.list<Standing>(apiVersion, name));
    for (const object of objects ?? []) await unlessBusy(this.write(kind, object));
  }

  private async write({ finalizer, free, status }: Kind, object: Standing): Promise<void> {
    const { cluster } = this.scene;
    const { finalizers = [], deletionTimestamp } = object.metadata;
    if (deletionTimestamp !== undefined) {
      const left = finalizers.filter((one) => one !== finalizer);
      if (left.length < finalizers.length && (await (free?.(this.scene, object) ?? true)))
        await cluster.patch(object, { metadata: { finalizers: left } });
      return;
    }
    if (finalizer !== undefined && !finalizers.includes(finalizer))
      await cluster.patch(object, { metadata: { finalizers: [...finalizers, finalizer] } });
    const done = object.status?.conditions ?? object.status?.loadBalancer?.ingress ?? [];
    if (done.length === 0) await cluster.patch(object, { status: status ?? READY() }, "/status");
  }
}

/**
 * Undefined if the object is gone (404), another writer was faster (409), or the server still prepares the storage of a
 * new kind (429): the next round tries again.
 */
async function unlessBusy<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof ApiError && [404, 409, 429].includes(error.code)) return undefined;
    throw error;
  }
}

const READY = (): object => ({
  conditions: [
    {
      type: "Ready",
      status: "True",
      reason: "Ready",
      message: "",
      lastTransitionTime: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    },
  ],
});
