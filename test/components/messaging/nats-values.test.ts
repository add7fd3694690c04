import assert from "node:assert/strict";
import { natsFootprint, natsValues } from "../../../components/messaging/nats-values";
import type { NatsSettings } from "../../../config";
import { settings } from "./nats-fixture";

const valuesOf = (servers: NatsSettings["servers"], protect = true) =>
  natsValues({ settings: settings(servers), storageClass: "encrypted", kept: protect });

describe("NATS values", () => {
  it("create a cluster of three or five servers, or a single one without a cluster", () => {
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

  it("keep volumes only in a protected environment", () => {
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
    for (const { merge } of [values.container, values.reloader, values.promExporter]) {
      assert.equal(merge.securityContext.allowPrivilegeEscalation, false);
      assert.deepEqual(merge.securityContext.capabilities, { drop: ["ALL"] });
      assert.equal(merge.securityContext.readOnlyRootFilesystem, true);
      const { requests, limits } = merge.resources;
      assert.deepEqual([requests.cpu, requests.memory], [limits.cpu, limits.memory]);
    }
    assert.equal(values.natsBox.enabled, false);
  });

  it("set GOMEMLIMIT below the memory limit", () => {
    const { env, merge } = valuesOf(3).container;
    assert.ok(parseInt(env.GOMEMLIMIT, 10) < parseInt(merge.resources.limits.memory, 10));
  });

  it("count their containers' resources in the quota", () => {
    const { container, reloader, promExporter } = valuesOf(3);
    assert.deepEqual(
      [container, reloader, promExporter].map(({ merge }) => merge.resources.limits),
      [
        { cpu: "500m", memory: "512Mi", "ephemeral-storage": "256Mi" },
        { cpu: "25m", memory: "32Mi", "ephemeral-storage": "256Mi" },
        { cpu: "25m", memory: "64Mi", "ephemeral-storage": "256Mi" },
      ],
    );
    const { pods, containers, cpu, memory } = natsFootprint(settings(3));
    assert.deepEqual([pods, containers], [3, 9]);
    assert.ok(Math.abs(cpu - 3 * 0.55) < 1e-9);
    assert.equal(memory, 3 * 608 * 2 ** 20);
  });

  it("use TLS for clients, and mutual TLS between servers", () => {
    const { config, tlsCA } = valuesOf(3);
    assert.deepEqual(config.nats.tls, { enabled: true, secretName: "nats-tls" });
    assert.deepEqual(config.cluster.tls, { enabled: true, secretName: "nats-tls", merge: { verify: true } });
    assert.deepEqual(tlsCA, { enabled: true, secretName: "nats-tls" });
    assert.equal(config.cluster.routeURLs.useFQDN, true, "the certificate has fully qualified names");
  });

  it("include the accounts from a Secret that the reloader watches", () => {
    const { config, container, podTemplate } = valuesOf(3);
    const [mount] = container.patch;
    const [volume] = podTemplate.patch;
    assert.ok(mount && volume);
    assert.equal(
      new URL(config.merge.$include, "file:///etc/nats-config/nats.conf").pathname,
      `${mount.value.mountPath}/accounts.conf`,
    );
    assert.equal(mount.value.name, volume.value.name);
    assert.deepEqual(volume.value.secret, { secretName: "nats-accounts" });
    assert.ok(mount.value.mountPath.startsWith("/etc/"), "the chart mounts everything there in the reloader");
    assert.deepEqual([mount.op, mount.path], ["add", "/volumeMounts/-"], "beside the chart's own");
    assert.deepEqual([volume.op, volume.path], ["add", "/spec/volumes/-"]);
  });

  it("serve monitoring over plain HTTP, and metrics from the exporter", () => {
    const { config, promExporter } = valuesOf(3);
    assert.deepEqual(config.monitor, { enabled: true, port: 8222, tls: { enabled: false } });
    assert.deepEqual([promExporter.enabled, promExporter.port], [true, 7777]);
  });

  it("hold no secret", () => {
    for (const servers of [1, 3] as const)
      assert.doesNotMatch(JSON.stringify(valuesOf(servers)), /password|"user"|"token"/);
  });
});
