import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Nats, type NatsArgs } from "../../../components/messaging/nats";
import type { NatsUser } from "../../../components/messaging/nats-access";
import { NatsCredentials } from "../../../components/messaging/nats-credentials";
import type { NatsSettings } from "../../../config";
import type { NatsStore } from "../../../systems/spec";
import { context, keyArn } from "../data/fixture";

export const spec: NatsStore = {
  kind: "nats",
  namespace: "shop",
  streams: {
    ORDERS: {
      subjects: ["orders.>", "returns.*"],
      retention: "workqueue",
      consumers: { packers: { filterSubject: "orders.paid", ackWaitSeconds: 30, maxDeliver: 5 } },
    },
    AUDIT_LOG: { subjects: ["audit.>"], retention: "limits", consumers: {} },
  },
};

export const settings = (servers: NatsSettings["servers"], credentialsVersion = 1): NatsSettings => ({
  chart: "2.14.2",
  servers,
  storage: "10Gi",
  credentialsVersion,
  streams: {
    ORDERS: { maxAgeHours: 24, maxBytes: "2Gi" },
    AUDIT_LOG: { maxAgeHours: 168, maxBytes: "512Mi" },
  },
});

export const users: readonly NatsUser[] = [
  { name: "shop-api", publishes: ["ORDERS", "AUDIT_LOG"], consumes: [] },
  { name: "shop-packer", publishes: [], consumes: [{ stream: "ORDERS", consumer: "packers" }] },
];

/** A leaf resource to depend on. */
const leaf = (name: string, { providers }: pulumi.ComponentResourceOptions) => {
  const { kubernetes: provider } = providers as Record<string, pulumi.ProviderResource>;
  return new k8s.core.v1.Namespace(name, { metadata: { name } }, { ...(provider ? { provider } : {}) });
};

export const credentials =
  (
    version = 1,
    protect = true,
    { spec: store = spec, users: known = users, backupJobs = [] }: Partial<NatsArgs> = {},
  ) =>
  (opts: pulumi.ComponentResourceOptions) =>
    new NatsCredentials(
      "shop-stores-nats",
      {
        context: context(protect),
        system: "shop",
        store: "nats",
        keyArn,
        spec: store,
        settings: settings(3, version),
        users: known,
        backedUp: backupJobs.length > 0,
      },
      opts,
    );

/** NATS with its logins, in a namespace, with these operators in the cluster. */
export const nats =
  (
    protect: boolean,
    change: Partial<NatsArgs> = {},
    operators: readonly string[] = ["certManager", "nack"],
  ) =>
  (opts: pulumi.ComponentResourceOptions) =>
    new Nats(
      "shop-nats",
      {
        context: context(protect),
        spec,
        settings: settings(3),
        namespace: leaf("shop", opts),
        storageClass: "encrypted",
        users,
        backupJobs: [],
        credentials: credentials(1, protect, change)(opts).outputs,
        secretStore: { name: "plinth-test", resource: leaf("secret-store", opts) },
        operators: Object.fromEntries(operators.map((name) => [name, leaf(name.toLowerCase(), opts)])),
        ...change,
      },
      opts,
    );
