import assert from "node:assert/strict";
import { consumerObject, streamObject } from "../../../components/messaging/nats-streams";
import type { Manifest } from "../../support/objects";
import { preview } from "../data/fixture";
import { nats, settings, spec } from "./nats-fixture";
import { inputsOf } from "../../support/inputs";

const type = (kind: string) => `kubernetes:jetstream.nats.io/v1beta2:${kind}`;

describe("streams", () => {
  const { ORDERS, AUDIT_LOG } = spec.streams;
  assert.ok(ORDERS !== undefined && AUDIT_LOG !== undefined);

  it("have their shape from the description, and their sizes from the stack file", () => {
    assert.deepEqual(streamObject("ORDERS", ORDERS, settings(3), true), {
      name: "ORDERS",
      subjects: ["orders.>", "returns.*"],
      retention: "workqueue",
      storage: "file",
      replicas: 3,
      maxAge: "24h",
      maxBytes: 2 * 2 ** 30,
      discard: "new",
      account: "nats",
      preventDelete: true,
    });
  });

  it("have as many replicas as there are servers, at most three", () => {
    for (const [servers, replicas] of [
      [1, 1],
      [3, 3],
      [5, 3],
    ] as const)
      assert.equal(streamObject("ORDERS", ORDERS, settings(servers), true).replicas, replicas);
  });

  it("discard their oldest messages only without consumers", () => {
    assert.equal(streamObject("AUDIT_LOG", AUDIT_LOG, settings(3), true).discard, "old");
    for (const retention of ["workqueue", "interest"] as const)
      assert.equal(streamObject("ORDERS", { ...ORDERS, retention }, settings(3), true).discard, "new");
  });

  it("are read by durable consumers that acknowledge each message", () => {
    const { packers } = ORDERS.consumers;
    assert.ok(packers);
    assert.deepEqual(consumerObject("ORDERS", "packers", packers, false), {
      streamName: "ORDERS",
      durableName: "packers",
      deliverPolicy: "all",
      ackPolicy: "explicit",
      ackWait: "30s",
      maxDeliver: 5,
      filterSubject: "orders.paid",
      account: "nats",
      preventDelete: false,
    });
    const { ackWaitSeconds, maxDeliver } = packers;
    const all = consumerObject("ORDERS", "packers", { ackWaitSeconds, maxDeliver }, false);
    assert.ok(!("filterSubject" in all));
  });

  it("wait for the servers, the controller and its login, but not for each other", async () => {
    const { recording } = await preview(nats(true));
    const account = recording.one(type("Account"));
    for (const name of ["shop-nats-controller", "nack", "shop"])
      assert.ok(
        account.dependencies.some((urn) => urn.endsWith(`::${name}`)),
        name,
      );
    const release = recording.one("kubernetes:helm.sh/v3:Release");
    for (const each of [...recording.ofType(type("Stream")), ...recording.ofType(type("Consumer"))])
      assert.deepEqual([...each.dependencies].sort(), [account.urn, release.urn].sort());
  });

  it("are created over TLS, with the controller's user", async () => {
    const { recording } = await preview(nats(true));
    const { spec: account, metadata } = inputsOf<Manifest>(recording.one(type("Account")));
    assert.deepEqual([metadata.name, metadata.namespace], ["nats", "shop"]);
    assert.deepEqual(account, {
      servers: ["tls://nats.shop.svc.cluster.local:4222"],
      tls: { secret: { name: "nats-tls" }, ca: "ca.crt" },
      user: { secret: { name: "nats-controller" }, user: "user", password: "password" },
    });
  });

  it("have valid Kubernetes names, are awaited, and are kept if the environment is protected", async () => {
    for (const protect of [true, false]) {
      const { recording, store } = await preview(nats(protect));
      const made = ["Stream", "Consumer"].flatMap((kind) => recording.ofType(type(kind)));
      const manifests = made.map((each) => inputsOf<Manifest>(each));
      assert.deepEqual(manifests.map(({ metadata }) => metadata.name).sort(), [
        ...["nats-audit-log", "nats-orders", "nats-orders-packers"],
      ]);
      for (const { metadata, spec: of } of manifests) {
        assert.equal(metadata.annotations?.["pulumi.com/waitFor"], "condition=Ready");
        assert.equal(of?.preventDelete, protect);
      }
      for (const each of made) assert.equal(each.protect, protect);
      assert.equal(store.outputs.ready.length, 1 + made.length, "workloads wait for each");
    }
  });

  it("need neither controller nor login if none is described", async () => {
    const none = { ...spec, streams: {} };
    const { recording } = await preview(nats(true, { spec: none, users: [] }));
    assert.deepEqual(recording.ofType(type("Account")), []);
    const secrets = recording.ofType("kubernetes:external-secrets.io/v1:ExternalSecret");
    assert.deepEqual(
      secrets.map(({ name }) => name),
      ["shop-nats-accounts"],
    );
  });
});
