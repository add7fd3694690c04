import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { Cache } from "../../../components/data/cache";
import { cacheMetrics } from "../../../components/data/cache-shape";
import type { CacheSettings } from "../../../config";
import {
  context,
  created,
  entryOf,
  inClear,
  keyArn,
  logsKeyArn,
  network,
  preview,
  revealed,
} from "./fixture";
import { inputsOf } from "../../support/inputs";

const groupType = "aws:elasticache/replicationGroup:ReplicationGroup";

const args = (change: Partial<CacheSettings> = {}, system = "ams") => ({
  settings: {
    version: "8.2",
    nodeType: "cache.t4g.small",
    replicas: 1,
    eviction: "volatile-lru",
    snapshotDays: 7,
    credentialsVersion: 1,
    ...change,
  } as const,
  system,
  store: "cache",
  network,
  keyArn,
  logsKeyArn,
});

const make =
  (protect: boolean, change: Partial<CacheSettings> = {}, system = "ams") =>
  (opts: pulumi.ComponentResourceOptions) =>
    new Cache("ams-cache", { ...args(change, system), context: context(protect) }, opts);

describe("Cache", () => {
  it("creates an encrypted Valkey group that only accepts TLS and known users", async () => {
    const { inputs } = (await preview(make(true))).recording.one(groupType);
    const expected = {
      replicationGroupId: "plinth-test-ams-cache",
      engine: "valkey",
      engineVersion: "8.2",
      nodeType: "cache.t4g.small",
      subnetGroupName: "plinth-test-ams-cache",
      securityGroupIds: ["sg-data"],
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      atRestEncryptionEnabled: true,
      kmsKeyId: keyArn,
      userGroupIds: ["plinth-test-ams-cache-users"],
    };
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(inputs[key], value, key);
    assert.equal(inputs.authToken, undefined, "a token and users exclude each other");
  });

  it("also accepts the previous password, and outputs the new one", async () => {
    const first = (await created(make(true))).get("ams-cache-user");
    assert.deepEqual(revealed(first?.passwords), ["generatedamscachepassword1"]);
    const changed = make(true, { credentialsVersion: 3 });
    assert.deepEqual(revealed((await created(changed)).get("ams-cache-user")?.passwords), [
      "generatedamscachepassword3",
      "generatedamscachepassword2",
    ]);
    const entry = await entryOf(changed, "ams-cache-entry-version");
    assert.match(String(entry.url), /:generatedamscachepassword3@/);
  });

  it("has automatic failover with at least one replica", async () => {
    for (const [replicas, failover] of [
      [0, false],
      [1, true],
      [2, true],
    ] as const) {
      const { inputs } = (await preview(make(false, { replicas }))).recording.one(groupType);
      assert.equal(inputs.numCacheClusters, replicas + 1);
      assert.equal(inputs.automaticFailoverEnabled, failover);
      assert.equal(inputs.multiAzEnabled, failover);
    }
  });

  it("takes a final snapshot of a protected cache only", async () => {
    const kept = (await preview(make(true))).recording.one(groupType);
    assert.equal(kept.protect, true);
    assert.equal(kept.inputs.applyImmediately, false);
    const dropped = (await preview(make(false, { snapshotDays: 0 }))).recording.one(groupType);
    assert.equal(dropped.protect, false);
    assert.equal(dropped.inputs.finalSnapshotIdentifier, undefined);
    assert.equal(dropped.inputs.snapshotRetentionLimit, 0);
    assert.equal(dropped.inputs.snapshotWindow, undefined);
  });

  it("renames its final snapshot for each replacement, and takes one even without protection", async () => {
    for (const protect of [true, false]) {
      const lifted = (opts: pulumi.ComponentResourceOptions) =>
        new Cache("ams-cache", { ...args(), context: context(protect, false) }, opts);
      const inputs = await created(lifted);
      assert.equal(
        inputs.get("ams-cache-group")?.finalSnapshotIdentifier,
        "plinth-test-ams-cache-final-0a1b2c",
      );
      assert.deepEqual(inputs.get("ams-cache-final-snapshot")?.keepers, {
        identifier: "plinth-test-ams-cache",
      });
    }
  });

  it("allows its user all commands except Valkey's dangerous ones, but INFO", async () => {
    const { inputs } = (await preview(make(true))).recording.one("aws:elasticache/user:User");
    assert.equal(inputs.accessString, "on ~* &* +@all -@dangerous +info");
  });

  it("keeps ids within AWS's 40 characters, in lower case", async () => {
    const { recording } = await preview(make(true, {}, "a-system-with-quite-a-long-name"));
    const ids = [
      recording.one(groupType).inputs.replicationGroupId,
      recording.one("aws:elasticache/user:User").inputs.userId,
      recording.one("aws:elasticache/userGroup:UserGroup").inputs.userGroupId,
    ].map(String);
    for (const id of ids) assert.match(id, /^[a-z](?!.*--)[a-z0-9-]{0,38}[a-z0-9]$/);
    assert.equal(new Set(ids.slice(1)).size, 2, "user and group differ");
  });

  it("logs to an encrypted group", async () => {
    const { recording } = await preview(make(true));
    const log = recording.one("aws:cloudwatch/logGroup:LogGroup");
    assert.equal(log.inputs.kmsKeyId, logsKeyArn);
    const group = recording.one(groupType);
    assert.ok(group.dependencies.includes(log.urn));
    const { logDeliveryConfigurations } = inputsOf<{
      logDeliveryConfigurations: { logType: string; destination: string }[];
    }>(group);
    assert.deepEqual(
      logDeliveryConfigurations.map(({ logType, destination }) => [logType, destination]),
      [
        ["slow-log", log.inputs.name],
        ["engine-log", log.inputs.name],
      ],
    );
  });

  it("writes the described entry, and nothing in clear text", async () => {
    const password = "generatedamscachepassword1";
    assert.deepEqual(await entryOf(make(true), "ams-cache-entry-version"), {
      url: `rediss://ams:${password}@ams-cache-group.cache.test:6379`,
    });
    const resources = await created(make(true));
    for (const [name, inputs] of resources) assert.ok(!inClear(inputs).includes(password), name);
    assert.deepEqual(revealed(resources.get("ams-cache-user")?.passwords), [password]);
  });

  it("outputs its address and its dependencies", async () => {
    const { plain, secret, ready, destinations } = (await preview(make(true))).store.outputs;
    assert.equal(plain.port, "6379");
    assert.equal(secret?.entry, "plinth-test/ams/cache");
    assert.equal(ready.length, 1);
    assert.deepEqual(destinations, [{ kind: "isolated", ports: [6379] }]);
  });

  it("has its own parameter group, of the engine's family", async () => {
    const { recording } = await preview(make(true, { version: "7.2", eviction: "noeviction" }));
    const parameters = recording.one("aws:elasticache/parameterGroup:ParameterGroup");
    assert.equal(parameters.inputs.family, "valkey7");
    assert.equal(
      parameters.inputs.name,
      undefined,
      "a fixed name prevents creating a new family's group first",
    );
    assert.deepEqual(parameters.inputs.parameters, [{ name: "maxmemory-policy", value: "noeviction" }]);
    assert.ok(recording.one(groupType).dependencies.includes(parameters.urn));
  });

  it("spreads keys across configured shards, and outputs the configuration endpoint", async () => {
    const sharded = make(true, { shards: 3, replicas: 2 });
    const { recording, store } = await preview(sharded);
    const { inputs } = recording.one(groupType);
    const expected = {
      clusterMode: "enabled",
      numNodeGroups: 3,
      replicasPerNodeGroup: 2,
      numCacheClusters: undefined,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
    };
    for (const [key, value] of Object.entries(expected)) assert.equal(inputs[key], value, key);
    assert.deepEqual(recording.one("aws:elasticache/parameterGroup:ParameterGroup").inputs.parameters, [
      { name: "cluster-enabled", value: "yes" },
    ]);
    const { url } = await entryOf(sharded, "ams-cache-entry-version");
    assert.match(url ?? "", /@ams-cache-group\.configuration\.test:6379$/);
    assert.equal(store.outputs.metrics?.dimensions.length, 9);
  });

  it("outputs the node ids of its CloudWatch metrics", () => {
    assert.deepEqual(cacheMetrics("p-ams-cache", { replicas: 1 }), {
      namespace: "AWS/ElastiCache",
      dimensions: [
        { CacheClusterId: "p-ams-cache-001", CacheNodeId: "0001" },
        { CacheClusterId: "p-ams-cache-002", CacheNodeId: "0001" },
      ],
    });
    const ids = cacheMetrics("p", { shards: 2, replicas: 1 }).dimensions.map(
      ({ CacheClusterId }) => CacheClusterId,
    );
    assert.deepEqual(ids, ["p-0001-001", "p-0001-002", "p-0002-001", "p-0002-002"]);
  });
});
