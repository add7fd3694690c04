import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Bucket } from "../../../components/storage/bucket";
import type { BucketSettings } from "../../../config";
import type { BucketStore } from "../../../systems/spec";
import { context, keyArn, preview } from "../data/fixture";
import { inputsOf } from "../../support/inputs";

const settings: BucketSettings = { warmDays: 30, coldDays: 90, expireDays: 365, noncurrentDays: 30 };

interface Options {
  protect?: boolean;
  disposable?: boolean;
  spec?: BucketStore;
  change?: Partial<BucketSettings>;
  origins?: string[];
}

const make =
  ({
    protect = true,
    disposable = !protect,
    spec = { kind: "bucket", access: "read-write" },
    change = {},
    origins = [],
  }: Options = {}) =>
  (opts: pulumi.ComponentResourceOptions) =>
    new Bucket(
      "ams-objects",
      {
        context: context(protect, disposable),
        spec,
        settings: { ...settings, ...change },
        system: "ams",
        store: "objects",
        keyArn,
        origins,
        accessLogs: { bucketName: pulumi.output("logs") },
      },
      opts,
    );

const name = "plinth-test-ams-objects-123456789012";

/** Inputs of the companion resources of a bucket that these tests read. */
interface SideCar extends Record<string, unknown> {
  rules: { transitions: { storageClass: string }[]; expiration: unknown }[];
  corsRules: { allowedOrigins: string[]; allowedMethods: string[] }[];
}
const sideCar = async (type: string, options?: Options) =>
  inputsOf<SideCar>((await preview(make(options))).recording.one(`aws:s3/${type}`));

describe("Bucket", () => {
  it("has a globally unique name, or the configured one", async () => {
    assert.equal((await sideCar("bucket:Bucket")).bucket, name);
    const given = await sideCar("bucket:Bucket", { change: { name: "tapwork-backups" } });
    assert.equal(given.bucket, "tapwork-backups");
  });

  it("is retained with its access settings when the stack is destroyed; if disposable it is emptied", async () => {
    for (const [protect, disposable] of [
      [true, false],
      [false, false],
      [false, true],
    ] as const) {
      const { recording } = await preview(make({ protect, disposable }));
      const bucket = recording.one("aws:s3/bucket:Bucket");
      assert.equal(bucket.protect, protect);
      assert.equal(bucket.inputs.forceDestroy, disposable);
      for (const type of [
        "bucket:Bucket",
        "bucketPolicy:BucketPolicy",
        "bucketPublicAccessBlock:BucketPublicAccessBlock",
        "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "bucketVersioning:BucketVersioning",
        "bucketOwnershipControls:BucketOwnershipControls",
      ])
        assert.equal(recording.one(`aws:s3/${type}`).options.retainOnDelete, !disposable || undefined, type);
    }
  });

  it("has one companion resource per setting", async () => {
    const { recording } = await preview(make());
    assert.deepEqual(Object.keys(recording.one("aws:s3/bucket:Bucket").inputs).sort(), [
      "bucket",
      "forceDestroy",
    ]);
    const children = [...recording.resources.values()].filter(({ type }) => type.startsWith("aws:s3/"));
    for (const { inputs } of children) assert.equal(inputs.bucket, name);
    assert.equal(new Set(children.map(({ type }) => type)).size, children.length);
  });

  it("is versioned, private and owned by its account", async () => {
    const { recording } = await preview(make());
    const one = (type: string) => recording.one(`aws:s3/${type}`).inputs;
    assert.deepEqual(one("bucketVersioning:BucketVersioning").versioningConfiguration, { status: "Enabled" });
    assert.deepEqual(one("bucketOwnershipControls:BucketOwnershipControls").rule, {
      objectOwnership: "BucketOwnerEnforced",
    });
    const block = one("bucketPublicAccessBlock:BucketPublicAccessBlock");
    for (const key of ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"])
      assert.equal(block[key], true, key);
  });

  it("encrypts with our key", async () => {
    const { rules } = await sideCar(
      "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    );
    assert.deepEqual(rules, [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
        bucketKeyEnabled: true,
        blockedEncryptionTypes: ["SSE-C"],
      },
    ]);
  });

  it("moves and expires objects by age, and removes incomplete uploads and old versions", async () => {
    const { rules } = await sideCar("bucketLifecycleConfiguration:BucketLifecycleConfiguration");
    assert.deepEqual(rules, [
      {
        id: "hot-warm-cold",
        status: "Enabled",
        filter: { prefix: "" },
        transitions: [
          { days: 30, storageClass: "STANDARD_IA" },
          { days: 90, storageClass: "GLACIER_IR" },
        ],
        expiration: { days: 365 },
        noncurrentVersionExpiration: { noncurrentDays: 30 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
    ]);
  });

  it("uses Flexible Retrieval only for backups, and moves no small objects", async () => {
    const type = "bucketLifecycleConfiguration:BucketLifecycleConfiguration";
    const classes = async (spec: BucketStore) => {
      const inputs = await sideCar(type, { spec });
      assert.equal(inputs.transitionDefaultMinimumObjectSize, "all_storage_classes_128K");
      const [rule] = inputs.rules;
      return rule?.transitions.map(({ storageClass }) => storageClass);
    };
    const bucket = { kind: "bucket", access: "read-write" } as const;
    assert.deepEqual(await classes(bucket), ["STANDARD_IA", "GLACIER_IR"]);
    assert.deepEqual(await classes({ ...bucket, backups: true }), ["STANDARD_IA", "GLACIER"]);
  });

  it("keeps objects forever without a configured age, and removes delete markers", async () => {
    const inputs = await sideCar("bucketLifecycleConfiguration:BucketLifecycleConfiguration", {
      change: { expireDays: undefined },
    });
    const [rule] = inputs.rules;
    assert.deepEqual(rule?.expiration, { expiredObjectDeleteMarker: true });
  });

  it("changes settings one after another, and lifecycle rules wait for versioning", async () => {
    const { recording } = await preview(make());
    const one = (type: string) => recording.one(`aws:s3/${type}`);
    const block = one("bucketPublicAccessBlock:BucketPublicAccessBlock");
    assert.ok(one("bucketPolicy:BucketPolicy").dependencies.includes(block.urn));
    const versioning = one("bucketVersioning:BucketVersioning");
    const lifecycle = one("bucketLifecycleConfiguration:BucketLifecycleConfiguration");
    assert.ok(lifecycle.dependencies.includes(versioning.urn));
  });

  it("configures Object Lock in a separate resource, after versioning", async () => {
    const type = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
    assert.equal((await preview(make())).recording.ofType(type).length, 0);
    const { recording } = await preview(make({ change: { objectLockDays: 30 } }));
    const lock = recording.one(type);
    assert.deepEqual(lock.inputs.rule, { defaultRetention: { mode: "GOVERNANCE", days: 30 } });
    assert.ok(lock.dependencies.includes(recording.one("aws:s3/bucketVersioning:BucketVersioning").urn));
    assert.equal(
      recording.one("aws:s3/bucket:Bucket").inputs.objectLockEnabled,
      undefined,
      "would replace it",
    );
  });

  it("logs every request, by bucket and day", async () => {
    const inputs = await sideCar("bucketLogging:BucketLogging");
    assert.equal(inputs.targetBucket, "logs");
    assert.deepEqual(inputs.targetObjectKeyFormat, {
      partitionedPrefix: { partitionDateSource: "EventTime" },
    });
  });

  it("allows uploads only from pages of the system's own hosts", async () => {
    const type = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration";
    assert.equal((await preview(make())).recording.ofType(type).length, 0);
    const { corsRules } = await sideCar("bucketCorsConfiguration:BucketCorsConfiguration", {
      origins: ["https://ams.suresoft.com"],
    });
    const [rule, ...more] = corsRules;
    assert.equal(more.length, 0);
    assert.deepEqual(rule?.allowedOrigins, ["https://ams.suresoft.com"]);
    assert.deepEqual(rule?.allowedMethods, ["GET", "HEAD", "PUT", "POST"]);
  });

  it("outputs its name, its destination and its dependencies", async () => {
    const { plain, secret, ready, destinations } = (await preview(make())).store.outputs;
    assert.deepEqual(plain, { name });
    assert.equal(secret, undefined);
    assert.equal(ready.length, 2);
    assert.deepEqual(destinations, [{ kind: "internet", ports: [443] }]);
  });
});
