import assert from "node:assert/strict";
import type { Recording } from "../../preview/run-program";
import { objects, podOwners, firstRegionOf, type Manifest } from "../support/recordings";
import { disposable, settingsOf, stacks } from "../support/stacks";
import { scaledObject } from "./scaling";
import {
  assetManagementParameters,
  buckets,
  caches,
  databases,
  tapworkConfig,
  workloads,
  type Count,
} from "./requirements";
import { specOf } from "../support/inputs";

interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports: readonly { containerPort: number }[];
  readonly env: readonly {
    name: string;
    value?: string;
    valueFrom?: { secretKeyRef: { name: string; key: string } };
  }[];
  readonly resources: Record<"requests" | "limits", { cpu: string; memory: string }>;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
}
interface Probe {
  readonly httpGet?: { path: string };
  readonly tcpSocket?: object;
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
}
/** The first region's, not copies in the second one. */
const isPrimary = ({ name }: { readonly name: string }) => name.startsWith("primary-");
/** Whether a variable is the system's own: those of OpenTelemetry are the platform's, see `telemetry.test.ts`. */
const ofSystem = ({ name }: { readonly name: string }) => !name.startsWith("OTEL_");

interface Deployment {
  readonly replicas?: number;
  readonly template: { readonly spec: { readonly containers: readonly [Container] } };
}

const deploymentSpec = (manifest: Manifest) => specOf<Deployment>(manifest);

const bounds = (count: Count): readonly [min: number, max: number] =>
  typeof count === "number" ? [count, count] : count;

/** A workload's number of pods in a stack: its own, or its autoscaler's range. */
function countOf(recording: Recording, namespace: string, name: string, spec: Deployment): Count {
  const keda = scaledObject(recording, namespace, name);
  if (keda !== undefined) {
    assert.equal(spec.replicas, undefined, `${name} has both replicas and an autoscaler`);
    const { apiVersion, kind } = podOwners(recording).get(`${namespace}/${name}`)?.resource.inputs ?? {};
    assert.deepEqual(keda.scaleTargetRef, { apiVersion, kind, name });
    assert.deepEqual(
      keda.triggers.slice(0, 2).map(({ type, metadata }) => [type, metadata.value]),
      [
        ["cpu", "70"],
        ["memory", "80"],
      ],
    );
    return [keda.minReplicaCount, keda.maxReplicaCount];
  }
  const scaler = objects(recording, "HorizontalPodAutoscaler").get(`${namespace}/${name}-hpa`);
  if (scaler === undefined)
    return spec.replicas ?? assert.fail(`${name} has neither replicas nor an autoscaler`);
  const { minReplicas, maxReplicas, metrics } = scaler.manifest.spec as Record<string, unknown>;
  assert.equal(spec.replicas, undefined, `${name} has both replicas and an autoscaler`);
  assert.deepEqual(
    (metrics as { resource: { name: string; target: { averageUtilization: number } } }[]).map(
      ({ resource }) => [resource.name, resource.target.averageUtilization],
    ),
    [
      ["cpu", 70],
      ["memory", 80],
    ],
  );
  return [Number(minReplicas), Number(maxReplicas)];
}

const probeOf = (probe: Probe | undefined) => [
  probe?.httpGet?.path,
  probe?.initialDelaySeconds,
  probe?.periodSeconds,
];

for (const stack of stacks)
  describe(`${stack}: requirements`, () => {
    for (const row of workloads)
      it(`${row.rows}: ${row.deployment}`, async () => {
        const recording = await firstRegionOf(stack);
        const found = podOwners(recording).get(`${row.namespace}/${row.deployment}`);
        assert.ok(found, `no Deployment or Rollout ${row.deployment} in ${row.namespace}`);
        const spec = deploymentSpec(found.manifest);
        const [container] = spec.template.spec.containers;
        const least = row.counts[stack];
        if (least !== undefined) {
          const found = bounds(countOf(recording, row.namespace, row.deployment, spec));
          const [min, max] = bounds(least);
          assert.ok(found[0] >= min && found[1] >= max, `${found.join("-")} pods; at least ${min}-${max}`);
        }
        assert.equal(container.name, row.container);
        assert.match(container.image, new RegExp(`/${row.image}:v?\\d`));
        assert.deepEqual(
          Object.fromEntries(
            (container.env ?? [])
              .filter(ofSystem)
              .map(({ name, valueFrom }) => [
                name,
                valueFrom === undefined
                  ? "value"
                  : `${valueFrom.secretKeyRef.name}/${valueFrom.secretKeyRef.key}`,
              ]),
          ),
          row.env,
        );
        if (row.service !== undefined) {
          const [name, port] = row.service;
          const service = objects(recording, "Service").get(`${row.namespace}/${name}`);
          assert.equal((service?.manifest.spec?.ports as { port: number }[])[0]?.port, port);
          assert.equal(container.ports[0]?.containerPort, port);
        }
        if (row.probes !== undefined)
          assert.deepEqual([probeOf(container.livenessProbe), probeOf(container.readinessProbe)], row.probes);
        else if (row.service !== undefined)
          assert.ok(container.readinessProbe?.tcpSocket && container.livenessProbe?.tcpSocket);
        if (row.resources !== undefined) {
          const { requests, limits } = container.resources;
          // The documents name cores and memory; ephemeral storage depends on the scratch volumes.
          const named = ({ cpu, memory }: Record<string, string>) => [cpu, memory];
          assert.deepEqual([named(requests), named(limits)], row.resources);
        }
      });

    it("gives each workload a budget, an account and its system's gates", async () => {
      const recording = await firstRegionOf(stack);
      const { systems, costs, backups } = await settingsOf(stack);
      const names = Object.keys(systems);
      const owners = podOwners(recording).size;
      assert.equal(objects(recording, "PodDisruptionBudget").size, owners);
      // A separate job creates a database's roles; the rest are gates of a release.
      const jobs = [...objects(recording, "Job").keys()];
      const gates = (system: string) => [
        ...["postgres-roles", "preflight", "migrate", "verify", "smoke-test"],
        ...(systems[system]?.gates.seed ? ["seed"] : []),
      ];
      assert.deepEqual(
        jobs.map((name) => name.split("/")[1]?.replace(/-[0-9a-f]{8,12}$/, "")).sort(),
        names.flatMap((system) => gates(system).map((gate) => `${system}-${gate}`)).sort(),
      );
      const loads = [...objects(recording, "CronJob").keys()].map((name) => name.split("/")[1]);
      const loaded = names.filter((name) => systems[name]?.loadTest !== undefined);
      const dumping = backups.dumps === undefined ? [] : names;
      const dumps = dumping.flatMap((name) => [`${name}-postgres-dump`, `${name}-postgres-restore-test`]);
      const others = [
        ...(backups.streams === undefined ? [] : ["opmas-nats-backup", "opmas-nats-restore"]),
        ...(backups.configuration === undefined ? [] : ["configuration-backup"]),
      ];
      const nightly = costs.schedule === undefined ? [] : ["sleep", "wake"];
      assert.deepEqual(
        loads.sort(),
        [...loaded.map((name) => `${name}-load-test`), ...dumps, ...others, ...nightly].sort(),
      );
      if (stack === "staging") {
        assert.ok(loaded.length >= databases.length, "ENV-3: a load test in staging");
        for (const row of databases)
          assert.ok(gates(row.system).includes("seed"), "ENV-3: test data in staging");
      }
      const everywhere = objects(recording, "DaemonSet").size;
      assert.equal(
        objects(recording, "ServiceAccount").size,
        // The night schedule's two jobs share one.
        owners + everywhere + jobs.length + loads.length - nightly.length / 2,
      );
    });

    for (const row of databases)
      it(`${row.rows}: PostgreSQL of ${row.system}`, async () => {
        const recording = await firstRegionOf(stack);
        const all = recording.ofType("aws:rds/instance:Instance").map(({ inputs }) => inputs);
        const primary = all.find(({ identifier }) => identifier === `plinth-${stack}-${row.system}`);
        assert.ok(primary, `no database of ${row.system}`);
        assert.deepEqual(
          [primary.engineVersion, primary.dbName, primary.storageEncrypted, primary.publiclyAccessible],
          [row.version, row.database, true, false],
        );
        assert.equal(primary.username, "plinth", "the master user is no workload's");
        const job = [...objects(recording, "Job").values()].find(({ resource }) =>
          resource.name.startsWith(`primary-${row.system}-postgres-`),
        );
        assert.match(JSON.stringify(job?.manifest), new RegExp(`"name":"OWNER","value":"${row.user}"`));
        assert.equal(primary.multiAz, !disposable(stack));
        const replicas = all.filter(({ replicateSourceDb }) => replicateSourceDb === primary.identifier);
        if (disposable(stack)) assert.equal(replicas.length, 0);
        if (stack !== "prod") return;
        assert.ok(Number(primary.allocatedStorage) >= row.storage);
        const there = replicas.map(({ identifier }) => identifier);
        for (const [role, count] of Object.entries(row.replicas))
          for (let at = 0; at < count; at++)
            assert.ok(there.includes(`${String(primary.identifier)}-${role}-${at}`), `${role} ${at}`);
        const zones = replicas.map(({ availabilityZone }) => availabilityZone);
        assert.equal(
          new Set(zones).size,
          replicas.length,
          `replicas of ${row.system} share a zone: ${zones.join(", ")}`,
        );
      });

    it("DB-3: M's parameters for an instance of 16 GB, in RDS' units", async () => {
      const recording = await firstRegionOf(stack);
      const group = recording.one(
        "aws:rds/parameterGroup:ParameterGroup",
        "primary-asset-management-stores-postgres-parameters-17",
      );
      const set = new Map(
        (group.inputs.parameters as { name: string; value: string }[]).map(({ name, value }) => [
          name,
          value,
        ]),
      );
      if (stack === "prod")
        for (const [name, value] of Object.entries(assetManagementParameters))
          // The document's numbers are for 16 GB: an instance with more may have more of each.
          assert.ok(Number(set.get(name)) >= Number(value), name);
      assert.equal(set.get("pgaudit.log"), "ddl,role");
    });

    it("DB-4: a proxy in front of the writers of O, A and M, with A's 100 connections, then 200", async () => {
      const recording = await firstRegionOf(stack);
      const names = recording.ofType("aws:rds/proxy:Proxy").map(({ inputs }) => inputs.name);
      const proxied = ["ams", "asset-management", "opmas"].map(
        (system) => `plinth-${stack}-${system}-postgres`,
      );
      if (!disposable(stack)) for (const name of proxied) assert.ok(names.includes(name), name);
      const percent = recording
        .ofType("aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup")
        .find(({ name }) => name.includes("-ams-"))?.inputs.connectionPoolConfig;
      if (disposable(stack)) return;
      assert.equal((percent as { maxConnectionsPercent: number }).maxConnectionsPercent, 80);
      const group = recording.one(
        "aws:rds/parameterGroup:ParameterGroup",
        "primary-ams-stores-postgres-parameters-15",
      );
      const most = (group.inputs.parameters as { name: string; value: string }[]).find(
        ({ name }) => name === "max_connections",
      );
      assert.ok(Number(most?.value) * 0.8 >= (stack === "prod" ? 200 : 100));
    });

    it("CACHE-1: Valkey over TLS, with a replica for failover outside dev", async () => {
      const recording = await firstRegionOf(stack);
      const groups = recording
        .ofType("aws:elasticache/replicationGroup:ReplicationGroup")
        .map(({ inputs }) => inputs);
      const ids = groups.map(({ replicationGroupId }) => replicationGroupId);
      for (const system of caches)
        assert.ok(ids.includes(`plinth-${stack}-${system}-cache`), `no cache of ${system}`);
      for (const group of groups) {
        assert.deepEqual(
          [group.engine, group.transitEncryptionEnabled, group.transitEncryptionMode],
          ["valkey", true, "required"],
        );
        assert.equal(group.automaticFailoverEnabled, !disposable(stack));
      }
    });

    it("BAK-1, FS-1: a bucket for each system's backups, and for objects", async () => {
      const recording = await firstRegionOf(stack);
      const names = recording.ofType("aws:s3/bucket:Bucket").map(({ inputs }) => String(inputs.bucket));
      const short = names.map((name) => name.replace(`plinth-${stack}-`, "").replace(/-\d{12}$/, ""));
      for (const name of buckets) assert.ok(short.includes(name), name);
      if (stack === "prod") assert.ok(names.includes("tapwork-backups"));
    });

    it("FS-1, SEC-2: every bucket has access logs, uploads are allowed from the system's own hosts", async () => {
      const recording = await firstRegionOf(stack);
      // The log bucket of each region doesn't log to itself.
      const regions = recording.ofType("aws:ec2/vpc:Vpc");
      const logged = recording.ofType("aws:s3/bucketLogging:BucketLogging").map(({ inputs }) => inputs);
      assert.equal(logged.length, recording.ofType("aws:s3/bucket:Bucket").length - regions.length);
      const origins = recording
        .ofType("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration")
        .map(({ name, inputs }) => [
          name,
          (inputs.corsRules as { allowedOrigins: string[] }[])[0]?.allowedOrigins,
        ]);
      const { systems } = await settingsOf(stack);
      const origin = (system: string) => [`https://${systems[system]?.hosts.app}`];
      const found = new Map(origins as [string, string[]][]);
      assert.deepEqual(found.get("primary-ams-stores-objects-cors"), origin("ams"));
      assert.deepEqual(found.get("primary-asset-management-stores-uploads-cors"), origin("asset-management"));
    });

    it("BAK-1, BAK-3: backups are locked for a while outside dev, and nothing else is", async () => {
      const recording = await firstRegionOf(stack);
      const type = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
      const locks = recording.ofType(type).filter(isPrimary);
      const { systems } = await settingsOf(stack);
      const expected = Object.keys(systems)
        .map((system) => `primary-${system}-stores-backups-lock`)
        .concat("primary-configuration-lock")
        .sort();
      assert.deepEqual(locks.map(({ name }) => name).sort(), disposable(stack) ? [] : expected);
    });

    it("MQ-2: M's queue has a dead-letter queue, our key, only TLS, and alarms with subscribers", async () => {
      const recording = await firstRegionOf(stack);
      const queues = recording.ofType("aws:sqs/queue:Queue").map(({ inputs }) => inputs);
      const name = `plinth-${stack}-asset-management-tasks`;
      assert.deepEqual(queues.map((queue) => queue.name).sort(), [name, `${name}-dead`]);
      assert.equal(recording.ofType("aws:sqs/redrivePolicy:RedrivePolicy").length, 1);
      const policies = recording
        .ofType("aws:sqs/queuePolicy:QueuePolicy")
        .map(({ inputs }) => String(inputs.policy));
      assert.equal(policies.length, 2);
      for (const policy of policies) assert.match(policy, /"aws:SecureTransport":"false"/);
      const alarms = recording.ofType("aws:cloudwatch/metricAlarm:MetricAlarm").map(({ inputs }) => inputs);
      for (const metric of ["ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"])
        assert.ok(
          alarms.some(({ metricName }) => metricName === metric),
          metric,
        );
      assert.ok(recording.ofType("aws:sns/topicSubscription:TopicSubscription").length > 0);
    });

    it("FS-1: M's shared files are encrypted, backed up, reachable in every zone, and mounted over TLS", async () => {
      const recording = await firstRegionOf(stack);
      assert.equal(recording.one("aws:efs/fileSystem:FileSystem").inputs.encrypted, true);
      const zones = (await settingsOf(stack)).network.zones.length;
      assert.ok(zones >= (disposable(stack) ? 2 : 3));
      assert.equal(recording.ofType("aws:efs/mountTarget:MountTarget").length, zones);
      const volume = objects(recording, "PersistentVolume").get("/asset-management-files-asset-management");
      assert.deepEqual(volume?.manifest.spec?.mountOptions, ["tls"]);
      const claims = [...objects(recording, "PersistentVolumeClaim").keys()];
      assert.deepEqual(claims, ["asset-management/files"]);
      const api = podOwners(recording).get("asset-management/asset-management-api");
      const text = JSON.stringify(api?.manifest);
      assert.match(text, /"persistentVolumeClaim":\{"claimName":"files"\}/);
      assert.match(text, /"mountPath":"\/app\/files"/);
      const ports = recording
        .ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        .filter(({ name }) => name.includes("asset-management-files"))
        .map(({ inputs }) => [inputs.fromPort, inputs.toPort]);
      assert.deepEqual(ports, [[2049, 2049]]);
    });

    it("MAIL-1: bounces and complaints are published if SES sends mail", async () => {
      const recording = await firstRegionOf(stack);
      const sets = recording.ofType("aws:sesv2/configurationSet:ConfigurationSet").length;
      const { systems } = await settingsOf(stack);
      const senders = Object.values(systems)
        .flatMap((system) => Object.values(system?.stores.mail ?? {}))
        .filter(({ kind }) => kind === "ses");
      assert.equal(sets, senders.length);
      if (stack === "prod") assert.ok(sets >= 2);
      const type = "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination";
      for (const { inputs } of recording.ofType(type))
        assert.deepEqual((inputs.eventDestination as { matchingEventTypes: string[] }).matchingEventTypes, [
          "BOUNCE",
          "COMPLAINT",
        ]);
      assert.equal(recording.ofType(type).length, sets);
    });

    it("APP-T: the ConfigMap has the document's keys", async () => {
      const recording = await firstRegionOf(stack);
      const maps = [...objects(recording, "ConfigMapPatch")];
      const named = maps.find(([name]) => /^tapwork\/tapwork-config-[0-9a-f]{8}$/.test(name));
      const data = named?.[1].manifest.data ?? {};
      // The host is an output, which is set in the pod.
      const keys = Object.keys(tapworkConfig).filter((key) => key !== "DATABASE_HOST");
      // With the biometric service there is also its URL.
      const standIn = disposable(stack) ? ["BIOMETRIC_URL"] : [];
      const own = Object.keys(data).filter((name) => ofSystem({ name }));
      assert.deepEqual(own.sort(), [...keys, ...standIn].sort());
      for (const [key, value] of Object.entries(tapworkConfig))
        if (value !== undefined) assert.equal(data[key], value);
      if (disposable(stack)) assert.deepEqual([data.SMTP_HOST, data.SMTP_PORT], ["smtp-service", "1025"]);
      if (stack === "prod") assert.equal(data.SMTP_HOST, "email-smtp.ap-northeast-2.amazonaws.com");
    });

    it("NET-1: three tiers of subnets in all zones, with the configured egress", async () => {
      const recording = await firstRegionOf(stack);
      const zones = (await settingsOf(stack)).network.zones.length;
      assert.ok(zones >= (disposable(stack) ? 2 : 3));
      // The isolated tier has a subnet for each system, and for the domain that logs are searched in.
      const { systems, network, logs } = await settingsOf(stack);
      const owners = Object.keys(systems).length + (logs?.store === "opensearch" ? 1 : 0);
      const subnets = recording.ofType("aws:ec2/subnet:Subnet").filter(isPrimary);
      assert.equal(subnets.length, (2 + owners) * zones);
      assert.equal(
        recording.ofType("aws:ec2/natGateway:NatGateway").length,
        { gateway: 1, "gateway-per-zone": zones, instance: 0 }[network.nat],
      );
      assert.equal(recording.ofType("aws:ec2/instance:Instance").length, network.nat === "instance" ? 1 : 0);
      if (stack === "prod") assert.equal(network.nat, "gateway-per-zone");
      assert.equal(recording.ofType("aws:ec2/flowLog:FlowLog").filter(isPrimary).length, 1);
    });

    it("ENV-2, ENV-4: state is protected in staging and prod, and deleted with dev", async () => {
      const recording = await firstRegionOf(stack);
      const stateful = [
        "aws:rds/instance:Instance",
        "aws:s3/bucket:Bucket",
        "aws:eks/cluster:Cluster",
        "aws:kms/key:Key",
      ];
      for (const type of stateful)
        for (const { name, protect } of recording.ofType(type))
          assert.equal(protect, !disposable(stack), name);
      for (const { inputs } of recording.ofType("aws:rds/instance:Instance"))
        assert.equal(inputs.deletionProtection, !disposable(stack));
      for (const { inputs } of recording.ofType("aws:s3/bucket:Bucket"))
        assert.equal(inputs.forceDestroy ?? false, disposable(stack));
    });
  });
