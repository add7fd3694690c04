import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Nats, type NatsArgs } from "../../../components/messaging/nats";
import { natsFootprint, natsValues } from "../../../components/messaging/nats-values";
import type { NatsSettings } from "../../../config";
import { context, preview } from "../data/fixture";

const settings = (servers: NatsSettings["servers"]): NatsSettings => ({
  chart: "2.14.2",
  servers,
  storage: "10Gi",
});

const clients = [
  { namespace: "opmas-core", name: "opmas-core" },
  { namespace: "opmas-api", name: "opmas-management-api" },
];

const namespace = ({ providers }: pulumi.ComponentResourceOptions) => {
  const { kubernetes: provider } = providers as Record<string, pulumi.ProviderResource>;
  const args = { metadata: { name: "opmas-core" } };
  return new k8s.core.v1.Namespace("opmas-core", args, { ...(provider ? { provider } : {}) });
};

const make =
  (protect: boolean, change: Partial<NatsArgs> = {}) =>
  (opts: pulumi.ComponentResourceOptions) =>
    new Nats(
      "opmas-nats",
      {
        context: context(protect),
        settings: settings(3),
        namespace: namespace(opts),
        namespaceName: "opmas-core",
        storageClass: "encrypted",
        clients,
        ...change,
      },
      opts,
    );

const releaseType = "kubernetes:helm.sh/v3:Release";
const policyType = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

const valuesOf = (servers: NatsSettings["servers"], protect = true) =>
  natsValues({ settings: settings(servers), storageClass: "encrypted", protect });

describe("NATS values", () => {
  it("make a cluster of three or five, and a single server without one", () => {
    for (const [servers, enabled] of [
      [1, false],
      [3, true],
      [5, true],
    ] as const) {
      const { cluster } = valuesOf(servers).config;
      assert.deepEqual([cluster.enabled, cluster.replicas], [enabled, servers]);
    }
  });

  it("spread a cluster over three zones and a node for each server", () => {
    for (const servers of [3, 5] as const)
      assert.deepEqual(valuesOf(servers).podTemplate.topologySpreadConstraints, {
        "topology.kubernetes.io/zone": { maxSkew: 1, minDomains: 3, whenUnsatisfiable: "DoNotSchedule" },
        "kubernetes.io/hostname": { maxSkew: 1, minDomains: servers, whenUnsatisfiable: "DoNotSchedule" },
      });
    assert.deepEqual(valuesOf(1).podTemplate.topologySpreadConstraints, {});
  });

  it("leave the file system its share of the volume", () => {
    assert.equal(valuesOf(3).config.jetstream.fileStore.maxSize, String(9 * 2 ** 30));
  });

  it("keep JetStream on volumes of the given size and class", () => {
    const { jetstream } = valuesOf(3).config;
    assert.equal(jetstream.enabled, true);
    assert.deepEqual(jetstream.fileStore.pvc, {
      enabled: true,
      size: "10Gi",
      storageClassName: "encrypted",
    });
  });

  it("keep volumes of a protected environment, and leave none behind of another", () => {
    const whenDeleted = (protect: boolean) =>
      valuesOf(3, protect).statefulSet.merge.spec.persistentVolumeClaimRetentionPolicy.whenDeleted;
    assert.equal(whenDeleted(true), "Retain");
    assert.equal(whenDeleted(false), "Delete");
  });

  it("fit the restricted level: pod and each container", () => {
    const values = valuesOf(3);
    const { securityContext, automountServiceAccountToken } = values.podTemplate.merge.spec;
    assert.equal(automountServiceAccountToken, false);
    assert.equal(securityContext.runAsNonRoot, true);
    assert.ok(securityContext.runAsUser > 0);
    assert.deepEqual(securityContext.seccompProfile, { type: "RuntimeDefault" });
    for (const { merge } of [values.container, values.reloader]) {
      assert.equal(merge.securityContext.allowPrivilegeEscalation, false);
      assert.deepEqual(merge.securityContext.capabilities, { drop: ["ALL"] });
      assert.equal(merge.securityContext.readOnlyRootFilesystem, true);
      assert.deepEqual(merge.resources.requests, merge.resources.limits);
    }
    assert.equal(values.natsBox.enabled, false);
  });

  it("keep the server's soft memory limit under its hard one", () => {
    const { env, merge } = valuesOf(3).container;
    assert.ok(parseInt(env.GOMEMLIMIT, 10) < parseInt(merge.resources.limits.memory, 10));
  });

  it("take of the quota what their containers ask for", () => {
    const { container, reloader } = valuesOf(3);
    assert.deepEqual(
      [container, reloader].map(({ merge }) => merge.resources.limits),
      [
        { cpu: "500m", memory: "512Mi" },
        { cpu: "25m", memory: "32Mi" },
      ],
    );
    const { pods, cpu, memory } = natsFootprint(settings(3));
    assert.equal(pods, 3);
    assert.ok(Math.abs(cpu - 3 * 0.525) < 1e-9);
    assert.equal(memory, 3 * 544 * 2 ** 20);
  });
});

describe("Nats", () => {
  it("installs the official chart at the pinned version, whole or not at all", async () => {
    const { recording } = await preview(make(true));
    const { inputs, dependencies, options } = recording.one(releaseType);
    const expected = {
      name: "nats",
      namespace: "opmas-core",
      chart: "nats",
      version: "2.14.2",
      repositoryOpts: { repo: "https://nats-io.github.io/k8s/helm/charts" },
      atomic: true,
      values: valuesOf(3),
    };
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(inputs[key], value, key);
    assert.ok(dependencies.includes(recording.one(policyType).urn));
    assert.deepEqual(options.ignoreChanges, ["checksum"]);
  });

  it("protects what it keeps where the environment is protected", async () => {
    for (const protect of [true, false])
      assert.equal((await preview(make(protect))).recording.one(releaseType).protect, protect);
  });

  it("lets in its clients and its peers, and nobody else", async () => {
    const { spec } = (await preview(make(true))).recording.one(policyType).inputs as {
      spec: Record<string, unknown>;
    };
    const servers = { podSelector: { matchLabels: { "app.kubernetes.io/name": "nats" } } };
    const from = clients.map(({ namespace, name }) => ({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
      podSelector: { matchLabels: { "app.kubernetes.io/name": name } },
    }));
    assert.deepEqual(spec, {
      ...servers,
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        { from, ports: [{ protocol: "TCP", port: 4222 }] },
        { from: [servers], ports: [{ protocol: "TCP", port: 6222 }] },
      ],
      egress: [{ to: [servers], ports: [{ protocol: "TCP", port: 6222 }] }],
    });
  });

  it("without clients lets in its peers alone", async () => {
    const { recording } = await preview(make(true, { clients: [] }));
    const { spec } = recording.one(policyType).inputs as { spec: { ingress: { from: unknown[] }[] } };
    assert.equal(spec.ingress.length, 1);
    for (const { from } of spec.ingress) assert.ok(from.length > 0, "a rule without peers lets everybody in");
  });

  it("tells workloads where it is and what to wait for", async () => {
    const { plain, ready, destinations, secret } = (await preview(make(true))).store.outputs;
    assert.deepEqual(plain, { url: "nats://nats.opmas-core.svc.cluster.local:4222" });
    assert.equal(secret, undefined);
    assert.equal(ready.length, 1);
    assert.deepEqual(destinations, [{ kind: "pods", namespace: "opmas-core", name: "nats", ports: [4222] }]);
  });
});
