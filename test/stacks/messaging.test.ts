import assert from "node:assert/strict";
import { natsBackupUsers } from "../../components/messaging/nats-names";
import type { Recording } from "../../preview/run-program";
import { firstRegionOf, objects, podOwners, type Manifest } from "../support/recordings";
import { disposable, settingsOf, stacks, type Stack } from "../support/stacks";
import { inputsOf, specOf } from "../support/inputs";

/** MQ-1 and SEC-2 of every stack: the requirements on NATS, compared with the registered resources. */

/** A cluster of three outside disposable stacks. */
const shapeOf = (stack: Stack) =>
  disposable(stack) ? { servers: 1, copies: 1, kept: false } : { servers: 3, copies: 3, kept: true };

const values = (recording: Recording) =>
  inputsOf<{
    values: {
      config: Record<"cluster" | "nats" | "jetstream" | "monitor", Record<string, unknown>>;
      podTemplate: { topologySpreadConstraints: Record<string, object> };
      podDisruptionBudget: { enabled: boolean };
      promExporter: { enabled: boolean };
    };
  }>(recording.one("kubernetes:helm.sh/v3:Release", "primary-opmas-nats-release")).values;

interface Pod {
  volumes: { name: string; secret?: object }[];
  containers: [
    { volumeMounts: { name: string; mountPath: string }[]; env: { name: string; value?: string }[] },
  ];
}

interface Accounts {
  accounts: {
    APP: { users: { user: string; permissions: Record<string, { allow: string[] }> }[] };
  };
}

/** Permissions by user, in the servers' configuration. */
function rights(recording: Recording) {
  const secret = objects(recording, "ExternalSecret").get("opmas-core/nats-accounts")?.manifest;
  const { template } = secret?.spec?.target as { template: { data: Record<string, string> } };
  const { accounts } = JSON.parse(template.data["accounts.conf"] ?? "") as Accounts;
  return new Map(accounts.APP.users.map(({ user, permissions }) => [user, permissions]));
}

for (const stack of stacks)
  describe(`${stack}: MQ-1`, () => {
    const shape = shapeOf(stack);

    it("the configured servers, one per zone, on encrypted volumes, with a disruption budget", async () => {
      const recording = await firstRegionOf(stack);
      const { config, podTemplate, podDisruptionBudget } = values(recording);
      assert.deepEqual([config.cluster.enabled, config.cluster.replicas], [shape.servers > 1, shape.servers]);
      const spread = podTemplate.topologySpreadConstraints["topology.kubernetes.io/zone"];
      assert.deepEqual(
        spread,
        shape.servers > 1 ? { maxSkew: 1, minDomains: 3, whenUnsatisfiable: "DoNotSchedule" } : undefined,
      );
      assert.equal(podDisruptionBudget.enabled, true);
      const { pvc } = config.jetstream.fileStore as { pvc: { storageClassName: string } };
      const storage = objects(recording, "StorageClass").get(`/${pvc.storageClassName}`)?.manifest;
      assert.equal(
        (storage as unknown as { parameters: { encrypted: string } }).parameters.encrypted,
        "true",
      );
    });

    it("TLS for clients and among servers, by a certificate that cert-manager renews", async () => {
      const recording = await firstRegionOf(stack);
      const { config, promExporter } = values(recording);
      const certificate = objects(recording, "Certificate").get("opmas-core/nats-tls")?.manifest;
      for (const part of [config.nats, config.cluster])
        assert.deepEqual(
          (part.tls as { enabled: boolean; secretName: unknown }).secretName,
          certificate?.spec?.secretName,
        );
      assert.ok(certificate?.spec?.renewBefore);
      assert.equal(promExporter.enabled, true, "monitored");
    });

    it("streams and consumers as described, with as many replicas as possible", async () => {
      const recording = await firstRegionOf(stack);
      const spec = ([name, { manifest }]: [string, { manifest: Manifest }]) => [name, manifest.spec] as const;
      const streams = new Map([...objects(recording, "Stream")].map(spec));
      assert.deepEqual([...streams.keys()].sort(), ["opmas-core/nats-findings", "opmas-core/nats-logs"]);
      for (const [, stream] of streams)
        assert.deepEqual(
          [stream?.replicas, stream?.storage, stream?.preventDelete],
          [shape.copies, "file", shape.kept],
        );
      const consumers = [...objects(recording, "Consumer")].map(([, { manifest }]) => [
        manifest.spec?.streamName,
        manifest.spec?.durableName,
        manifest.spec?.ackPolicy,
      ]);
      assert.deepEqual(consumers.sort(), [
        ["FINDINGS", "core", "explicit"],
        ["LOGS", "agents", "explicit"],
      ]);
    });

    it("core publishes logs that agents read, agents publish findings that core reads, and nothing else", async () => {
      const all = rights(await firstRegionOf(stack));
      const { streams } = (await settingsOf(stack)).backups;
      const backups = streams === undefined ? [] : Object.values(natsBackupUsers).map((user) => `${user}_1`);
      assert.deepEqual(
        [...all.keys()].sort(),
        [...backups, "jetstream-controller_1", "opmas-agent_1", "opmas-core_1"].sort(),
      );
      const may = (user: string, subject: string) =>
        all.get(user)?.publish?.allow.includes(subject) ?? assert.fail(user);
      for (const [user, fills, asks] of [
        ["opmas-core_1", "logs.>", "FINDINGS.core"],
        ["opmas-agent_1", "findings.>", "LOGS.agents"],
      ] as const) {
        assert.ok(may(user, fills));
        assert.ok(may(user, `$JS.API.CONSUMER.MSG.NEXT.${asks}`));
        assert.ok(may(user, `$JS.ACK.${asks}.>`));
        assert.equal(all.get(user)?.publish?.allow.length, 5);
        assert.equal(all.get(user)?.subscribe?.allow.length, 1);
      }
    });

    it("workloads get only the authority's certificate, and no key", async () => {
      const recording = await firstRegionOf(stack);
      for (const name of ["opmas-core", "opmas-agent"]) {
        const manifest = podOwners(recording).get(`opmas-core/${name}`)?.manifest;
        const { volumes, containers } = specOf<{ template: { spec: Pod } }>(manifest).template.spec;
        const [authority, ...more] = volumes.filter(({ secret }) => secret !== undefined);
        assert.deepEqual(
          [authority?.secret, more],
          [{ secretName: "nats-tls", items: [{ key: "ca.crt", path: "ca.crt" }] }, []],
        );
        const mount = containers[0].volumeMounts.find((each) => each.name === authority?.name);
        const value = (variable: string) => containers[0].env.find((each) => each.name === variable)?.value;
        assert.equal(value("NATS_CA"), `${mount?.mountPath}/ca.crt`);
        assert.equal(value("NATS_INBOX_PREFIX"), `_INBOX_${name}`);
      }
      const others = [...podOwners(recording)].filter(([key]) => !key.startsWith("opmas-core/"));
      for (const [key, { manifest }] of others) assert.doesNotMatch(JSON.stringify(manifest), /nats/, key);
    });

    it("only KEDA and Prometheus, if configured, may read metrics", async () => {
      const recording = await firstRegionOf(stack);
      const { spec } = objects(recording, "NetworkPolicy").get("opmas-core/nats")?.manifest ?? {};
      const open = (spec?.ingress as { ports: { port: number }[] }[]).map(({ ports }) => ports[0]?.port);
      const keda = recording
        .ofType("kubernetes:helm.sh/v3:Release")
        .some(({ inputs }) => inputs.chart === "keda");
      assert.deepEqual(open, keda ? [4222, 6222, 8222, 7777] : [4222, 6222]);
    });
  });
