import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { Files } from "../../../components/storage/files";
import { filesPolicy } from "../../../components/storage/files-policy";
import { SharedVolume } from "../../../components/workload/shared-volume";
import { context, created, keyArn, network, preview, type Inputs } from "../data/fixture";

const make =
  (protect = true) =>
  (opts: pulumi.ComponentResourceOptions) =>
    new Files(
      "m-files",
      {
        context: context(protect),
        spec: { kind: "files", user: 1000 },
        settings: { warmDays: 30, coldDays: 90 },
        system: "m",
        store: "files",
        network,
        keyArn,
      },
      opts,
    );

const inputsOf = async (name: string) => (await created(make())).get(`m-files-${name}`) ?? {};

describe("Files", () => {
  it("encrypts with our key, and moves files to colder classes by age", async () => {
    const { encrypted, kmsKeyId, throughputMode, lifecyclePolicies } = await inputsOf("files");
    assert.deepEqual([encrypted, kmsKeyId, throughputMode], [true, keyArn, "elastic"]);
    assert.deepEqual(lifecyclePolicies, [
      { transitionToIa: "AFTER_30_DAYS" },
      { transitionToArchive: "AFTER_90_DAYS" },
    ]);
  });

  it("is protected if state is, and always backed up", async () => {
    for (const protect of [true, false]) {
      const { recording } = await preview(make(protect));
      const files = recording.one("aws:efs/fileSystem:FileSystem");
      assert.equal(files.protect, protect);
      assert.equal(files.options.retainOnDelete, protect || undefined, "stays when the stack goes");
      const { backupPolicy } = recording.one("aws:efs/backupPolicy:BackupPolicy").inputs;
      assert.deepEqual(backupPolicy, { status: "ENABLED" });
    }
  });

  it("has a mount target in every zone, with the security group", async () => {
    const targets = (await preview(make())).recording.ofType("aws:efs/mountTarget:MountTarget");
    assert.deepEqual(
      targets.map(({ inputs }) => [inputs.subnetId, inputs.securityGroups]),
      network.subnetIds.map((subnet) => [subnet, [network.securityGroupId]]),
    );
  });

  it("has the system's own directory, whose files belong to the workloads' user", async () => {
    const { posixUser, rootDirectory } = await inputsOf("access");
    assert.deepEqual(posixUser, { uid: 1000, gid: 1000 });
    assert.deepEqual(rootDirectory, {
      path: "/m",
      creationInfo: { ownerUid: 1000, ownerGid: 1000, permissions: "0750" },
    });
  });

  it("allows mounts only by a mount target, over TLS, at the access point", async () => {
    assert.deepEqual(
      JSON.parse(String((await inputsOf("policy")).policy)),
      filesPolicy("arn:m-files-files", "arn:m-files-access"),
    );
    const [allow, deny, ...more] = filesPolicy("fs", "ap").Statement;
    assert.equal(more.length, 0);
    assert.deepEqual(allow?.Condition, {
      Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" },
      StringEquals: { "elasticfilesystem:AccessPointArn": "ap" },
    });
    assert.ok(!allow?.Action.includes("elasticfilesystem:ClientRootAccess"));
    assert.deepEqual(
      [deny?.Effect, deny?.Action, deny?.Condition],
      ["Deny", "*", { Bool: { "aws:SecureTransport": "false" } }],
    );
  });

  it("outputs its volume and its dependencies", async () => {
    const { ready, volume, destinations, plain } = (await preview(make())).store.outputs;
    assert.equal(ready.length, 4);
    assert.ok(volume);
    assert.deepEqual([destinations, plain], [[], {}]);
  });
});

describe("SharedVolume", () => {
  const makeVolume = (opts: pulumi.ComponentResourceOptions) =>
    Object.assign(
      new SharedVolume(
        "m-volume",
        { name: "m-files-m", claim: "files", namespaceName: "m", handle: "fs-1::fsap-1", waitsFor: [] },
        opts,
      ),
      { outputs: { plain: {}, ready: [], destinations: [], grants: [] } },
    );

  it("binds the existing file system to one claim, over TLS, and keeps the files when it is deleted", async () => {
    const resources = await created(makeVolume);
    const spec = resources.get("m-volume-volume")?.spec as Inputs;
    assert.deepEqual(spec.csi, { driver: "efs.csi.aws.com", volumeHandle: "fs-1::fsap-1" });
    assert.deepEqual(spec.mountOptions, ["tls"]);
    assert.equal(spec.persistentVolumeReclaimPolicy, "Retain");
    assert.deepEqual(spec.claimRef, { namespace: "m", name: "files" });
    const claim = resources.get("m-volume-claim")?.spec as Inputs;
    assert.equal(claim.volumeName, "m-files-m");
    for (const each of [spec, claim]) {
      assert.equal(each.storageClassName, "", "a class would provision another");
      assert.deepEqual(each.accessModes, ["ReadWriteMany"]);
    }
  });
});
