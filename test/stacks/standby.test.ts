import assert from "node:assert/strict";
import type { Row } from "../../preview/difference/compare";
import type { Recording } from "../../preview/run-program";
import { catalog } from "../../systems";
import { drop, itRefuses, set } from "../support/edits";
import { recordingOf, recordingWith } from "../support/recordings";
import { active, change, withoutPods, type Edit } from "../support/second-region";

/** The block, with one value changed, in a stack file that has none. */
const within =
  (dotted: string, value: unknown): Edit =>
  (file) => {
    set("standby", {
      region: "ap-northeast-1",
      network: { cidr: "10.40.0.0/16", zones: ["ap-northeast-1a", "ap-northeast-1c"] },
      systems: { "asset-management": { replicas: { postgres: { class: "db.m7g.xlarge" } } } },
    })(file);
    set(dotted, value)(file);
  };
/** No second region. */
const without: Edit = (file) => {
  withoutPods(file);
  drop("standby")(file);
};
const failedBack: Edit = set("standby.copy", 2);

const named = (rows: readonly Row[], action: Row["action"]) =>
  rows.flatMap((row) => (row.action === action ? [row.name] : [])).sort();

/** Names of the resources that a property's value comes from. */
const sources = (recording: Recording, type: string, name: string, property: string) =>
  (recording.one(type, name).propertyDependencies[property] ?? []).map((urn) => urn.split("::").at(-1));

/** Systems whose database has no replica in prod's second region. */
const withoutReplica = Object.keys(catalog)
  .filter((system) => system !== "asset-management")
  .sort();

/** Rules between the two regions. One more copies the environment's logs: audit.test.ts. */
/** Whether it copies data, not logs (test/stacks/audit.test.ts). */
const isOfData = (name: string) => /^standby-(?!audit-)/.test(name);

const replications = (recording: Recording) =>
  recording
    .ofType("aws:s3/bucketReplicationConfig:BucketReplicationConfig")
    .filter(({ name }) => isOfData(name));

const instance = "aws:rds/instance:Instance";
const backups = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";
const replica = "standby-asset-management-postgres-copy-1";

describe("the second region", () => {
  it("has a read replica of the databases that declare one, and the backups of the others", async () => {
    const recording = await recordingOf("prod");
    const standbys = recording.ofType(instance).filter(({ name }) => name.startsWith("standby-"));
    assert.deepEqual(
      standbys.map(({ name }) => name),
      [replica],
    );
    assert.deepEqual(sources(recording, instance, replica, "replicateSourceDb"), [
      "primary-asset-management-stores-postgres-primary",
    ]);
    assert.deepEqual(sources(recording, instance, replica, "kmsKeyId"), ["standby-data"]);
    const replicated = recording.ofType(backups).map(({ name }) => name);
    assert.deepEqual(
      replicated.sort(),
      withoutReplica.map((system) => `standby-${system}-postgres-backups`),
    );
    for (const name of replicated)
      assert.deepEqual(sources(recording, backups, name, "kmsKeyId"), ["standby-data"]);
  });

  it("checks the age of replicated backups, of databases without a replica", async () => {
    const recording = await recordingOf("prod");
    const { inputs, provider } = recording.one("aws:lambda/function:Function", "standby-copy-ages-function");
    const { variables } = inputs.environment as { variables: Record<string, string> };
    assert.deepEqual(
      JSON.parse(variables.DATABASES ?? ""),
      withoutReplica.map((system) => `plinth-prod-${system}`),
    );
    assert.match(String(provider), /::standby::/);
    const alarm = recording.one("aws:cloudwatch/metricAlarm:MetricAlarm", "standby-copy-ages-behind");
    assert.deepEqual([alarm.inputs.threshold, alarm.inputs.treatMissingData], [60, "breaching"]);
  });

  it("raises an alarm on each late or failed copy, in the region of its metric", async () => {
    const recording = await recordingOf("prod");
    const alarms = recording.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
    const regions = (metric: string) =>
      alarms.flatMap(({ name, inputs, provider }) =>
        inputs.metricName === metric && isOfData(name)
          ? [[String(inputs.name), provider?.includes("::standby::") ? "second" : "first"] as const]
          : [],
      );
    const rules = replications(recording);
    const failed = regions("OperationsFailedReplication");
    assert.equal(failed.length, rules.length);
    assert.ok(failed.every(([name, where]) => where === (name.includes("-out-") ? "first" : "second")));
    assert.deepEqual(regions("TimeSinceLastSync"), [
      ["plinth-prod-standby-asset-management-files-replication-lag", "first"],
    ]);
    const files = alarms.find(({ inputs }) => inputs.metricName === "TimeSinceLastSync");
    assert.match(String(files?.propertyDependencies.alarmActions), /primary-alarms-policy$/);
  });

  it("replicates every bucket with objects in both directions, with a key of each region", async () => {
    const recording = await recordingOf("prod");
    const rules = replications(recording);
    const buckets = recording
      .ofType("aws:s3/bucket:Bucket")
      .filter(({ name }) => !/-(access-logs|configuration|vault-reports)-bucket$/.test(name));
    assert.deepEqual(
      rules.map(({ inputs }) => String(inputs.bucket)).sort(),
      buckets.map(({ inputs }) => String(inputs.bucket)).sort(),
    );
    for (const { name, inputs, provider } of rules) {
      const [rule] = inputs.rules as { destination: { bucket: string; replicationTime?: object } }[];
      const back = rules.find(
        ({ inputs: other }) => rule?.destination.bucket === `arn:aws:s3:::${String(other.bucket)}`,
      );
      assert.notEqual(back?.name, name);
      assert.equal(back?.name.replace(/-(out|back)$/, ""), name.replace(/-(out|back)$/, ""));
      const region = name.endsWith("-out") ? "::primary::" : "::standby::";
      assert.ok(provider?.includes(region), `${name}: ${provider ?? "none"}`);
      const timed = name.startsWith("standby-asset-management-");
      assert.equal(rule?.destination.replicationTime !== undefined, timed, name);
    }
    const alarms = recording
      .ofType("aws:cloudwatch/metricAlarm:MetricAlarm")
      .filter(({ inputs }) => inputs.metricName === "ReplicationLatency");
    assert.deepEqual(
      alarms.map(({ name, inputs }) => [name, inputs.threshold]),
      ["backups", "uploads"].map((store) => [
        `standby-asset-management-${store}-replication-latency`,
        15 * 60,
      ]),
    );
  });

  it("has a copy of shared files with a key of its own, until it is active", async () => {
    const type = "aws:efs/replicationConfiguration:ReplicationConfiguration";
    const recording = await recordingOf("prod");
    const { name, inputs, provider } = recording.one(type);
    assert.equal((inputs.destination as { region: string }).region, "ap-northeast-1");
    assert.deepEqual(sources(recording, type, name, "sourceFileSystemId"), [
      "primary-asset-management-stores-files-files",
    ]);
    // If workloads mount it, Plinth creates the file system.
    assert.deepEqual(sources(recording, type, name, "destination"), ["standby-asset-management-files-files"]);
    const files = "aws:efs/fileSystem:FileSystem";
    assert.deepEqual(sources(recording, files, "standby-asset-management-files-files", "kmsKeyId"), [
      "standby-data",
    ]);
    const cold = (await recordingWith("prod", withoutPods)).one(type);
    assert.deepEqual(
      cold.propertyDependencies.destination?.map((urn) => urn.split("::").at(-1)),
      ["standby-data"],
    );
    assert.ok(provider?.includes("::primary::"), provider);
    assert.deepEqual((await recordingWith("prod", active)).ofType(type), []);
  });

  it("has every secret, and the daily and monthly recovery points", async () => {
    const recording = await recordingOf("prod");
    // Entries of the second region's own stores exist only there.
    const secrets = recording
      .ofType("aws:secretsmanager/secret:Secret")
      .filter(({ name }) => !name.startsWith("standby-"));
    assert.ok(secrets.length > 10);
    for (const { name, inputs } of secrets) {
      const [copy] = inputs.replicas as { region: string }[];
      assert.equal(copy?.region, "ap-northeast-1", name);
    }
    const { rules } = recording.one("aws:backup/plan:Plan").inputs as {
      rules: { ruleName: string; copyActions?: { destinationVaultArn: string; lifecycle: object }[] }[];
    };
    const arn = "arn:aws:backup:ap-northeast-1:333333333333:backup-vault:plinth-prod-standby";
    assert.deepEqual(
      rules.map(({ ruleName, copyActions }) => [ruleName, copyActions]),
      [
        ["daily", [{ destinationVaultArn: arn, lifecycle: { deleteAfter: 35 } }]],
        ["weekly", undefined],
        ["monthly", [{ destinationVaultArn: arn, lifecycle: { deleteAfter: 2555 } }]],
      ],
    );
  });

  it("needs nothing of the first region but what it replicates", async () => {
    const { resources } = await recordingOf("prod");
    const crossing = [...resources.values()].flatMap(({ type, name, provider, dependencies }) => {
      const second = (urn: string) => urn.split("::").at(-1)?.startsWith("standby-") ?? false;
      const first = dependencies.filter((urn) => !second(urn) && resources.get(urn)?.name !== "random");
      return provider?.includes("::standby::") && first.length > 0 ? [`${type} ${name}`] : [];
    });
    const kinds = new Set(crossing.map((each) => each.split(" ")[0]));
    assert.deepEqual(
      [...kinds].sort(),
      [
        // Of replication, which uses both regions' keys. IAM itself is global.
        "aws:iam/rolePolicy:RolePolicy",
        backups,
        instance,
        // Back to the first region's bucket.
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        // The secret by which it recognizes the CDN, which only the first region creates.
        "aws:wafv2/webAcl:WebAcl",
      ].sort(),
    );
  });

  it("is removed with its block, without changes of the first region", async () => {
    const rows = await change(recordingWith("prod", withoutPods), recordingWith("prod", without));
    const own = /^standby(-|$)|^primary-vault-copies(-target)?$/;
    assert.deepEqual(
      named(rows, "deleted").filter((name) => !own.test(name)),
      [],
    );
    assert.deepEqual(named(rows, "added"), []);
    assert.deepEqual(named(rows, "replaced"), []);
    const changed = rows.filter(({ action }) => action === "changed");
    const paths = new Set(
      changed.flatMap(({ type, changes }) =>
        changes.map(({ path }) => `${type} ${path.split(/[.[]/)[0] ?? ""}`),
      ),
    );
    assert.deepEqual([...paths].sort(), [
      "aws:backup/plan:Plan rules",
      "aws:iam/rolePolicy:RolePolicy policy",
      "aws:secretsmanager/secret:Secret replicas",
      "aws:sns/topicPolicy:TopicPolicy policy",
    ]);
  });

  it("is promoted by one key: in place, resized, without changes of the first region", async () => {
    const both: Edit = (file) => {
      withoutPods(file);
      active(file);
    };
    const rows = await change(recordingWith("prod", withoutPods), recordingWith("prod", both));
    assert.deepEqual(named(rows, "replaced"), []);
    // It no longer has a source.
    assert.deepEqual(named(rows, "deleted"), [
      "standby-asset-management-files-replication",
      "standby-asset-management-files-replication-lag",
      `${replica}-lag`,
    ]);
    assert.deepEqual(named(rows, "changed"), [
      replica,
      // Like the database, they are kept from now on.
      ...["postgresql", "upgrade"].map((log) => `${replica}-log-${log}`),
    ]);
    assert.deepEqual(
      rows.filter(({ name, loses }) => loses || !name.startsWith("standby-")),
      [],
    );
    const paths = rows.find(({ name }) => name === replica)?.changes.map(({ path }) => path) ?? [];
    for (const path of ["replicateSourceDb", "multiAz", "backupRetentionPeriod"])
      assert.ok(paths.includes(path), `${path} of ${paths.join(", ")}`);
    const restored = (await recordingWith("prod", active)).one(instance, "standby-ams-postgres-copy-1");
    assert.deepEqual(
      sources(await recordingWith("prod", active), instance, restored.name, "restoreToPointInTime"),
      ["standby-ams-postgres-backups"],
    );
    const larger = set("standby.systems.ams", { replicas: { postgres: { class: "db.m7g.large" } } });
    assert.equal(
      (await recordingWith("prod", larger)).one(instance, "standby-ams-postgres-copy-1").inputs.multiAz,
      undefined,
    );
  });

  it("fails back to a new copy, and keeps the promoted databases and their logs", async () => {
    const promoted = await recordingWith("prod", active);
    const rows = await change(Promise.resolve(promoted), recordingWith("prod", failedBack));
    assert.ok(named(rows, "added").includes("standby-asset-management-postgres-copy-2"));
    // It has no data, and its host is unknown until the new copy exists.
    assert.deepEqual(named(rows, "replaced"), [
      "standby-region-asset-management-postgres-monitoring-exporter-deployment",
    ]);
    assert.ok(named(rows, "deleted").includes(replica));
    for (const { urn, name, type, loses } of rows) {
      assert.equal(loses, false, name);
      if (type === instance && urn.includes("copy-1"))
        assert.equal(promoted.resources.get(urn)?.options.retainOnDelete, true, name);
    }
  });

  itRefuses([
    {
      what: "the first region as the second",
      edit: within("standby.region", "ap-northeast-2"),
      path: "standby.region",
      says: /another region than plinth:account\.region/,
    },
    {
      what: "a region of another partition",
      edit: within("standby.region", "cn-north-1"),
      path: "standby.region",
      says: /regions of the partition aws/,
    },
    {
      what: "zones of another region",
      edit: within("standby.network.zones", ["ap-northeast-1a", "ap-northeast-2c"]),
      path: "standby.network.zones.1",
      says: /a zone of ap-northeast-1/,
    },
    {
      what: "one zone",
      edit: within("standby.network.zones", ["ap-northeast-1a"]),
      path: "standby.network.zones",
      says: /at least 2/,
    },
    {
      what: "a range within the first network",
      edit: within("standby.network.cidr", "10.30.64.0/18"),
      path: "standby.network.cidr",
      says: /doesn't overlap plinth:network\.cidr \(10\.30\.0\.0\/16\)/,
    },
    {
      what: "a range that is reserved",
      edit: within("standby.network.cidr", "10.20.0.0/16"),
      path: "standby.network.cidr",
      says: /doesn't overlap plinth:network\.reservedCidrs\.1/,
    },
    {
      what: "a range that is too small",
      edit: within("standby.network.cidr", "10.40.0.0/24"),
      path: "standby.network.cidr",
      says: /a \/16 to \/20/,
    },
    {
      what: "a system that the stack doesn't have",
      edit: (file) => {
        within("standby.systems.ams", { timeControl: true })(file);
        drop("systems.ams")(file);
      },
      path: "standby.systems.ams",
      says: /plinth:systems has no ams/,
    },
    {
      what: "a replica of a store that is no database",
      edit: within("standby.systems.ams", { replicas: { cache: { class: "db.m7g.large" } } }),
      path: "standby.systems.ams.replicas.cache",
      says: /postgres/,
    },
    {
      what: "a replica too small for the primary's parameters",
      edit: within("standby.systems.asset-management.replicas.postgres.class", "db.t4g.medium"),
      path: "standby.systems.asset-management.replicas.postgres.class",
      says: /a class for the primary's parameters/,
    },
  ]);
});
