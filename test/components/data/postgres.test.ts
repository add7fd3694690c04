import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { connectionStrings } from "../../../components/data/connection-strings";
import { Postgres } from "../../../components/data/postgres";
import type { PostgresSettings } from "../../../config";
import type { Recording } from "../../../preview/run-program";
import { context, created, inClear, keyArn, logsKeyArn, network, preview, revealed } from "./fixture";
import { inputsOf } from "../../support/inputs";

const instanceType = "aws:rds/instance:Instance";

const settings: PostgresSettings = {
  version: "15",
  class: "db.m7g.large",
  storage: 20,
  maxStorage: 100,
  multiAz: true,
  backupDays: 14,
  readReplicas: { read: { count: 2, class: "db.t4g.medium" } },
  parameters: {},
  pooling: { kind: "none" },
  windows: {
    backup: "15:00-16:00",
    maintenance: "mon:18:00-mon:19:00",
    replicaMaintenance: "fri:18:00-fri:19:00",
  },
  credentialsVersion: 1,
  acceptEndOfSupport: false,
};

const make =
  (protect: boolean, change: Partial<PostgresSettings> = {}, zones?: string[], disposable = !protect) =>
  (opts: pulumi.ComponentResourceOptions) =>
    new Postgres(
      "ams-postgres",
      {
        context: context(protect, disposable),
        spec: {
          kind: "postgres",
          database: "amsdb",
          user: "ams",
          driver: "libpq",
          readRoles: ["read", "reporting"],
        },
        settings: { ...settings, ...change },
        system: "ams",
        store: "postgres",
        network: zones === undefined ? network : { ...network, zones },
        keyArn,
        logsKeyArn,
        logDays: 365,
        pools: {},
      },
      opts,
    );

/** Inputs of an `up` during a major upgrade. */
async function stage(change: Partial<PostgresSettings>) {
  const inputs = await created(make(true, change));
  const { allowMajorVersionUpgrade, applyImmediately, engineVersion, parameterGroupName } =
    inputs.get("ams-postgres-primary") ?? {};
  return {
    primary: [allowMajorVersionUpgrade, applyImmediately, engineVersion, parameterGroupName],
    replica: inputs.get("ams-postgres-read-0"),
    families: [...inputs.values()].flatMap(({ family }) => (family === undefined ? [] : [family])).sort(),
  };
}

/** The password that the fixture generates. */
const password = "generatedamspostgrescredentialsmasterpassword";

const primaryOf = (recording: Recording) => recording.one(instanceType, "ams-postgres-primary");
const replicasOf = (recording: Recording) =>
  recording.ofType(instanceType).filter(({ inputs }) => inputs.replicateSourceDb !== undefined);

describe("Postgres", () => {
  it("creates an encrypted primary in the isolated subnets, with point-in-time recovery", async () => {
    const { inputs } = primaryOf((await preview(make(true))).recording);
    const expected = {
      identifier: "plinth-test-ams",
      engine: "postgres",
      engineVersion: "15",
      engineLifecycleSupport: "open-source-rds-extended-support-disabled",
      instanceClass: "db.m7g.large",
      allocatedStorage: 20,
      maxAllocatedStorage: 100,
      storageType: "gp3",
      storageEncrypted: true,
      kmsKeyId: keyArn,
      dbSubnetGroupName: "plinth-test-ams-postgres",
      vpcSecurityGroupIds: ["sg-data"],
      publiclyAccessible: false,
      multiAz: true,
      dbName: "amsdb",
      username: "plinth",
      backupRetentionPeriod: 14,
      backupWindow: "15:00-16:00",
      maintenanceWindow: "mon:18:00-mon:19:00",
      autoMinorVersionUpgrade: true,
    };
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(inputs[key], value, key);
    assert.equal(inputs.iops, undefined, "RDS refuses iops below 400 GiB");
    assert.equal(inputs.storageThroughput, undefined, "RDS refuses a throughput below 400 GiB");
  });

  it("protects a protected database from deletion", async () => {
    const { recording } = await preview(make(true));
    const primary = primaryOf(recording);
    assert.equal(primary.protect, true);
    assert.equal(primary.inputs.deletionProtection, true);
    assert.equal(primary.inputs.skipFinalSnapshot, false);
    assert.equal(primary.inputs.deleteAutomatedBackups, false);
    assert.equal(primary.inputs.applyImmediately, false);
    for (const replica of replicasOf(recording)) {
      assert.equal(replica.protect, true);
      assert.equal(replica.inputs.deletionProtection, true);
    }
    for (const entry of recording.ofType("aws:secretsmanager/secret:Secret"))
      assert.equal(entry.protect, true);
  });

  it("keeps a final snapshot and its backups even without protection, under a unique name", async () => {
    const inputs = await created(make(false, {}, undefined, false));
    const primary = inputs.get("ams-postgres-primary");
    assert.equal(primary?.deletionProtection, false);
    assert.equal(primary?.skipFinalSnapshot, false);
    assert.equal(primary?.deleteAutomatedBackups, false);
    assert.equal(primary?.finalSnapshotIdentifier, "plinth-test-ams-final-0a1b2c");
    // Replacement triggers of the instance: a new instance must get a new snapshot name.
    assert.deepEqual(inputs.get("ams-postgres-final-snapshot")?.keepers, {
      identifier: "plinth-test-ams",
      database: "amsdb",
      user: "plinth",
    });
  });

  it("keeps the audit log for the configured days, and the others for the default", async () => {
    const { recording } = await preview(make(true));
    for (const { name, inputs } of recording.ofType("aws:cloudwatch/logGroup:LogGroup"))
      assert.equal(inputs.retentionInDays, name.endsWith("-log-postgresql") ? 365 : 90, name);
  });

  it("destroys a disposable one without leftovers", async () => {
    const { recording } = await preview(make(false));
    for (const { protect, inputs } of recording.ofType(instanceType)) {
      assert.equal(protect, false);
      assert.equal(inputs.deletionProtection, false);
      assert.equal(inputs.skipFinalSnapshot, true);
      assert.equal(inputs.finalSnapshotIdentifier, undefined);
    }
    assert.equal(primaryOf(recording).inputs.deleteAutomatedBackups, true);
    for (const entry of recording.ofType("aws:secretsmanager/secret:Secret")) {
      assert.equal(entry.protect, false);
      assert.equal(entry.inputs.recoveryWindowInDays, 0);
    }
  });

  it("creates replicas without the arguments that they inherit", async () => {
    const replicas = replicasOf((await preview(make(true))).recording);
    assert.deepEqual(
      replicas.map(({ name, inputs }) => [name, inputs.identifier]),
      [
        ["ams-postgres-read-0", "plinth-test-ams-read-0"],
        ["ams-postgres-read-1", "plinth-test-ams-read-1"],
      ],
    );
    const untold = [
      "engine",
      "engineVersion",
      "username",
      "password",
      "dbName",
      "dbSubnetGroupName",
      "kmsKeyId",
      "allocatedStorage",
      "backupRetentionPeriod",
      "finalSnapshotIdentifier",
    ];
    for (const { inputs } of replicas) {
      for (const key of untold) assert.equal(inputs[key], undefined, key);
      assert.equal(inputs.replicateSourceDb, "plinth-test-ams");
      assert.equal(inputs.maintenanceWindow, "fri:18:00-fri:19:00");
      assert.equal(inputs.instanceClass, "db.t4g.medium");
      assert.equal(inputs.storageEncrypted, true);
      assert.equal(inputs.publiclyAccessible, false);
      assert.equal(inputs.skipFinalSnapshot, true);
    }
  });

  it("spreads replicas across zones by role and index", async () => {
    const readReplicas = {
      read: { count: 2, class: "db.t4g.medium" },
      reporting: { count: 1, class: "db.t4g.medium" },
    };
    const { recording } = await preview(make(false, { readReplicas }, ["a", "b", "c"]));
    assert.deepEqual(
      replicasOf(recording).map(({ name, inputs }) => [name, inputs.availabilityZone]),
      [
        ["ams-postgres-read-0", "a"],
        ["ams-postgres-read-1", "b"],
        ["ams-postgres-reporting-0", "b"],
      ],
    );
  });

  it("has no replica if none is configured", async () => {
    assert.deepEqual(replicasOf((await preview(make(false, { readReplicas: {} }))).recording), []);
  });

  it("creates the log groups of an instance before the instance", async () => {
    const { recording } = await preview(make(true));
    for (const instance of recording.ofType(instanceType))
      for (const type of ["postgresql", "upgrade"]) {
        const group = recording.one("aws:cloudwatch/logGroup:LogGroup", `${instance.name}-log-${type}`);
        assert.equal(group.inputs.name, `/aws/rds/instance/${String(instance.inputs.identifier)}/${type}`);
        assert.equal(group.inputs.kmsKeyId, logsKeyArn);
        assert.ok(instance.dependencies.includes(group.urn));
      }
    assert.deepEqual(primaryOf(recording).inputs.enabledCloudwatchLogsExports, ["postgresql", "upgrade"]);
  });

  it("waits for its monitoring role's policy", async () => {
    const { recording } = await preview(make(true));
    const attachment = recording.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment");
    assert.ok(primaryOf(recording).dependencies.includes(attachment.urn));
  });

  it("forces TLS, audits, and sets what the stack file asks for, in its own parameter group", async () => {
    const asked = make(true, { parameters: { max_connections: "200", work_mem: "8192" } });
    const group = (await preview(asked)).recording.one("aws:rds/parameterGroup:ParameterGroup");
    assert.equal(group.inputs.family, "postgres15");
    const { parameters: found } = inputsOf<{
      parameters: { name: string; value: string; applyMethod: string }[];
    }>(group);
    const of = (name: string) => {
      const parameter = found.find((each) => each.name === name);
      return [parameter?.value, parameter?.applyMethod];
    };
    assert.deepEqual(of("rds.force_ssl"), ["1", "pending-reboot"]);
    assert.deepEqual(of("max_connections"), ["200", "pending-reboot"]);
    assert.deepEqual(of("work_mem"), ["8192", "immediate"]);
    assert.deepEqual(of("shared_preload_libraries"), ["pgaudit,pg_stat_statements", "pending-reboot"]);
  });

  it("is upgraded only explicitly: with its own parameters, at once, while RDS upgrades its replicas", async () => {
    const before = await stage({ version: "15" });
    const during = await stage({ version: "17", upgradingFrom: "15" });
    const after = await stage({ version: "17" });
    assert.deepEqual(before.primary, [undefined, false, "15", "ams-postgres-parameters-15"]);
    assert.deepEqual(during.primary, [true, true, "17", "ams-postgres-parameters-17"]);
    assert.deepEqual(after.primary, [undefined, false, "17", "ams-postgres-parameters-17"]);
    assert.deepEqual(during.replica, before.replica, "RDS refuses them a group of the new version");
    assert.equal(after.replica?.parameterGroupName, "ams-postgres-parameters-17");
    assert.deepEqual(during.families, ["postgres15", "postgres17"]);
    assert.deepEqual(after.families, ["postgres17"]);
  });

  it("routes each role to its replicas, and to the primary if it has none", async () => {
    const { store } = await preview(make(true));
    assert.deepEqual(Object.keys(store.outputs.secret?.composed ?? {}), ["url", "readUrl", "reportingUrl"]);
    const strings = connectionStrings({
      driver: "libpq",
      database: "amsdb",
      primary: "p.test",
      pools: {},
      writer: { host: "w.test", authority: "rds" },
      replicas: { read: ["a.test", "b.test"], reporting: [] },
    });
    const text = async (output: string) =>
      new Promise<string>((resolve) =>
        pulumi.output(strings[output]?.((property) => `<${property}>`, "app") ?? "").apply(resolve),
      );
    const at = (host: string, user: string, word: string) =>
      `postgresql://<${user}>:<${word}>@${host}.test:5432/amsdb?sslmode=verify-full&sslrootcert=/etc/plinth/trust/bundle.pem`;
    assert.equal(await text("url"), at("w", "user", "password"));
    const reader = ["readUser", "readPassword"] as const;
    assert.equal(await text("readUrl"), [at("a", ...reader), at("b", ...reader)].join(","));
    assert.equal(await text("reportingUrl"), at("p", ...reader));
  });

  it("sends no password in clear text", async () => {
    for (const [name, inputs] of await created(make(true)))
      assert.ok(!inClear(inputs).includes(password), name);
    const primary = (await created(make(true))).get("ams-postgres-primary");
    assert.equal(revealed(primary?.password), password);
  });

  it("outputs its address and its dependencies", async () => {
    const { recording, store } = await preview(make(true));
    const { plain, secret, ready, destinations, grants } = store.outputs;
    assert.deepEqual([plain.port, plain.database], ["5432", "amsdb"]);
    assert.ok(pulumi.Output.isInstance(plain.host));
    assert.equal(secret?.entry, "plinth-test/ams/postgres");
    const entries = recording.ofType("aws:secretsmanager/secret:Secret").map(({ inputs }) => inputs.name);
    assert.deepEqual(entries.sort(), ["plinth-test/ams/postgres", "plinth-test/ams/postgres/master"]);
    assert.equal(ready.length, 3);
    assert.deepEqual(destinations, [{ kind: "isolated", ports: [5432] }]);
    assert.deepEqual(grants, []);
  });
});
