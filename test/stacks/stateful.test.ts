import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Document } from "yaml";
import type { Registration } from "../../preview/monitor";
import type { Recording } from "../../preview/run-program";
import { set } from "../support/edits";
import { statefulTypes } from "./stateful";
import { recordingOf, recordingWith } from "../support/frozen";
import { objects } from "../support/objects";

const at = (argument: string, inputs: Record<string, unknown>): unknown =>
  argument
    .split(".")
    .reduce<unknown>(
      (value, key) =>
        typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      inputs,
    );

const stateful = (recording: Recording): Registration[] =>
  [...recording.resources.values()].filter(({ type }) => Object.hasOwn(statefulTypes, type));

type Edit = (file: Document) => void;
const together =
  (...edits: readonly Edit[]): Edit =>
  (file) =>
    edits.forEach((edit) => edit(file));

const edited = (edit: Edit): Promise<Recording> => recordingWith("prod", edit);

/** Stateful resources of `before` that `after` would replace or delete, with the reason. */
function lost(before: Recording, after: Recording): string[] {
  return stateful(before).flatMap(({ urn, type, name, inputs }) => {
    const next = after.resources.get(urn);
    if (next === undefined) return [`${name} is gone`];
    return (statefulTypes[type]?.replacedBy ?? [])
      .filter(
        (argument) => JSON.stringify(at(argument, inputs)) !== JSON.stringify(at(argument, next.inputs)),
      )
      .map((argument) => `${name}.${argument}`);
  });
}

const ams = "systems.ams.stores";
const assets = "systems.asset-management.stores";
const primary = (system: string) => `primary-${system}-stores-postgres`;

/** Everyday changes of a stack file, none of which replaces or deletes stateful resources. */
const everyday: Readonly<Record<string, Edit>> = {
  "a larger class, of the primary and its replicas": together(
    set(`${ams}.postgres.class`, "db.m7g.xlarge"),
    set(`${ams}.postgres.readReplicas.read.class`, "db.m7g.xlarge"),
  ),
  "more storage": together(set(`${ams}.postgres.storage`, 100), set(`${ams}.postgres.maxStorage`, 1000)),
  "no standby": set(`${ams}.postgres.multiAz`, false),
  "shorter recovery": set(`${ams}.postgres.backupDays`, 7),
  "a newer major version": together(
    set(`${ams}.postgres.version`, "16"),
    set(`${ams}.postgres.upgradingFrom`, "15"),
  ),
  parameters: set(`${assets}.postgres.parameters.work_mem`, "8MB"),
  "other windows": set(`${ams}.postgres.windows`, { maintenance: "tue:18:00-tue:19:00" }),
  "a proxy that keeps fewer connections": set(`${assets}.postgres.pooling.connections`, 172),
  "one replica more": set(`${ams}.postgres.readReplicas.read.count`, 3),
  "another node type of the cache": set(`${ams}.cache.nodeType`, "cache.m7g.xlarge"),
  "fewer copies of the cache": set(`${ams}.cache.replicas`, 1),
  "other ages in a bucket": set(`${ams}.objects.coldDays`, 120),
  "another owner": set("tags.Owner", "another-team"),
  "another version of the cluster, with its add-ons": (file) => {
    set("cluster.version", "1.35")(file);
    set("cluster.addons.metrics-server", "v0.9.0-eksbuild.5")(file);
  },
};

const loginsOf = (system: string) =>
  ["a", "b"].map((letter) => `${primary(system)}-credentials-login-${letter} is gone`);

/** Changes that replace or delete stateful resources, and exactly which. */
const planned: Readonly<Record<string, { readonly edit: Edit; readonly loses: readonly string[] }>> = {
  "one replica less": {
    edit: set(`${ams}.postgres.readReplicas.read.count`, 1),
    loses: [`${primary("ams")}-read-1 is gone`],
  },
  "zones in another order": {
    edit: set("network.zones", ["ap-northeast-2b", "ap-northeast-2a", "ap-northeast-2c"]),
    loses: [
      `${primary("ams")}-read-0.availabilityZone`,
      `${primary("asset-management")}-application-0.availabilityZone`,
      `${primary("asset-management")}-reporting-0.availabilityZone`,
    ],
  },
  "no proxy": {
    edit: set("systems.opmas.stores.postgres.pooling", { kind: "none" }),
    loses: loginsOf("opmas"),
  },
  "another name of a bucket": {
    edit: set("systems.tapwork.stores.backups.name", "tapwork-old-backups"),
    loses: ["primary-tapwork-stores-backups-bucket.bucket"],
  },
  "another range of Services": {
    edit: set("network.serviceCidr", "172.21.0.0/16"),
    loses: ["primary-cluster-control-plane.kubernetesNetworkConfig.serviceIpv4Cidr"],
  },
};

describe("state", function () {
  for (const stack of ["staging", "prod"] as const)
    it(`of ${stack} is all protected by Pulumi and by the service`, async () => {
      const found = new Set<string>();
      for (const { type, name, protect, inputs } of stateful(await recordingOf(stack))) {
        const { guard, unprotected } = statefulTypes[type] ?? assert.fail(type);
        found.add(type);
        assert.equal(protect, unprotected === undefined, `${name}: protect`);
        for (const [argument, value] of Object.entries(guard))
          assert.deepEqual(at(argument, inputs), value, `${name}.${argument}`);
      }
      const expected = Object.entries(statefulTypes).filter(([, { only = stack }]) => only === stack);
      assert.deepEqual([...found].sort(), expected.map(([type]) => type).sort());
    });

  it("is retained when the stack is destroyed, with or without protection", async () => {
    const lifted = await edited(set("protect", false));
    for (const recording of [await recordingOf("prod"), lifted]) {
      for (const { name, inputs } of recording.ofType("aws:rds/instance:Instance"))
        if (inputs.replicateSourceDb === undefined) {
          assert.equal(inputs.skipFinalSnapshot, false, name);
          assert.equal(inputs.deleteAutomatedBackups, false, name);
          assert.notEqual(inputs.finalSnapshotIdentifier, undefined, name);
        }
      for (const { name, inputs } of recording.ofType("aws:elasticache/replicationGroup:ReplicationGroup"))
        assert.notEqual(inputs.finalSnapshotIdentifier, undefined, name);
      for (const { name, inputs } of recording.ofType("aws:s3/bucket:Bucket"))
        assert.notEqual(inputs.forceDestroy, true, name);
      for (const { name, inputs } of recording.ofType("aws:secretsmanager/secret:Secret"))
        assert.equal(inputs.recoveryWindowInDays, 30, name);
      const kept = [...recording.resources.values()].filter(({ options }) => options.retainOnDelete);
      for (const type of ["aws:s3/bucket:Bucket", "aws:efs/fileSystem:FileSystem"])
        for (const resource of recording.ofType(type)) assert.ok(kept.includes(resource), resource.name);
      const keys = kept.filter(({ type }) => type === "aws:kms/key:Key").map(({ name }) => name);
      assert.deepEqual(keys.sort(), ["primary-keys-cluster", "primary-keys-data", "primary-vault-key"]);
      for (const kind of ["Stream", "Consumer"])
        for (const [name, { manifest }] of objects(recording, kind))
          assert.equal(manifest.spec?.preventDelete, true, name);
      for (const [, { manifest }] of objects(recording, "StorageClass"))
        assert.equal(
          (manifest as { reclaimPolicy?: string }).reclaimPolicy,
          // Only copies are in volumes of the other class.
          manifest.metadata.name === "scratch" ? "Delete" : "Retain",
        );
    }
  });

  it("is deleted completely in dev", async () => {
    const recording = await recordingOf("dev");
    // Objects in the cluster are deleted with it.
    for (const { name, type, options } of recording.resources.values())
      if (!type.startsWith("kubernetes:")) assert.equal(options.retainOnDelete, undefined, name);
    for (const { name, inputs } of recording.ofType("aws:rds/instance:Instance"))
      assert.equal(inputs.skipFinalSnapshot, true, name);
  });

  it("isn't replaced because of the snapshot that it was restored from", async () => {
    for (const { name, inputs } of stateful(await recordingOf("prod")))
      for (const argument of ["snapshotIdentifier", "snapshotName", "restoreToPointInTime"])
        assert.equal(inputs[argument], undefined, `${name}.${argument}`);
  });

  // One run for all of them: the resources show which change lost them.
  it(`isn't replaced by ${Object.keys(everyday).join(", ")}`, async () => {
    const after = await edited(together(...Object.values(everyday)));
    assert.deepEqual(lost(await recordingOf("prod"), after), []);
  });

  it(`is replaced by ${Object.keys(planned).join(", ")}: nothing else, and the engine refuses`, async () => {
    const [before, changes] = [await recordingOf("prod"), Object.values(planned)];
    const found = lost(before, await edited(together(...changes.map(({ edit }) => edit))));
    assert.deepEqual(found.sort(), changes.flatMap(({ loses }) => loses).sort());
    for (const each of found) {
      const [name = ""] = each.split(/[ .]/);
      const resource = stateful(before).find((one) => one.name === name);
      assert.equal(resource?.protect, true, each);
    }
  });

  it("has a documented replacement for each of its types", () => {
    const page = readFileSync(join(__dirname, "..", "..", "docs", "planned-replacement.md"), "utf8");
    for (const [type, { replacedBy }] of Object.entries(statefulTypes)) {
      assert.ok(page.includes(`\`${type}\``), type);
      for (const argument of replacedBy) assert.ok(page.includes(`\`${argument}\``), `${type}: ${argument}`);
    }
  });
});
