import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { AccessLogs } from "../../../components/storage/access-logs";
import { accessLogsPolicy } from "../../../components/storage/bucket-policy";
import { context, preview } from "../data/fixture";
import { inputsOf, statementsOf } from "../../support/inputs";

/** The component, for the fixture. */
const make = (protect: boolean) => (opts: pulumi.ComponentResourceOptions) => {
  const made = new AccessLogs("logs", { context: context(protect), days: 365, cdn: false }, opts);
  return Object.assign(made, { outputs: { plain: {}, ready: [], destinations: [], grants: [] } });
};

const name = "plinth-test-access-logs-123456789012";

describe("AccessLogs", () => {
  it("accepts logs of this account's buckets and load balancers, over TLS", () => {
    const [tls, logs, ...balancers] = statementsOf(accessLogsPolicy("b", context(true), { cdn: false }));
    assert.deepEqual(
      balancers.map(({ Principal, Action, Resource }) => [Principal, Action, Resource]),
      [
        [
          { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
          "s3:PutObject",
          "arn:aws:s3:::b/*/AWSLogs/123456789012/*",
        ],
        [
          { Service: "delivery.logs.amazonaws.com" },
          "s3:PutObject",
          "arn:aws:s3:::b/*/AWSLogs/123456789012/*",
        ],
        [{ Service: "delivery.logs.amazonaws.com" }, "s3:GetBucketAcl", "arn:aws:s3:::b"],
      ],
    );
    for (const { Condition } of balancers) assert.match(JSON.stringify(Condition), /:123456789012:/);
    assert.equal(tls?.Effect, "Deny");
    assert.deepEqual(
      [logs?.Principal, logs?.Action, logs?.Resource, logs?.Condition],
      [
        { Service: "logging.s3.amazonaws.com" },
        "s3:PutObject",
        "arn:aws:s3:::b/*",
        { StringEquals: { "aws:SourceAccount": "123456789012" } },
      ],
    );
  });

  it("is encrypted with S3's own keys, since S3 delivers to no bucket with ours", async () => {
    const { recording } = await preview(make(true));
    const { rules } = recording.one(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    ).inputs;
    assert.deepEqual(rules, [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
        blockedEncryptionTypes: ["SSE-C"],
      },
    ]);
  });

  it("keeps logs for the configured days, and doesn't log itself", async () => {
    const { recording } = await preview(make(true));
    const { rules } = inputsOf<{ rules: { expiration: unknown }[] }>(
      recording.one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"),
    );
    assert.deepEqual(rules[0]?.expiration, { days: 365 });
    assert.equal(recording.ofType("aws:s3/bucketLogging:BucketLogging").length, 0);
  });

  it("is private, versioned, owned by its account, and as protected as its environment", async () => {
    for (const protect of [true, false]) {
      const { recording } = await preview(make(protect));
      const bucket = recording.one("aws:s3/bucket:Bucket");
      assert.deepEqual(
        [bucket.inputs.bucket, bucket.inputs.forceDestroy, bucket.protect],
        [name, !protect, protect],
      );
      for (const type of [
        "bucketPublicAccessBlock:BucketPublicAccessBlock",
        "bucketVersioning:BucketVersioning",
        "bucketOwnershipControls:BucketOwnershipControls",
        "bucketPolicy:BucketPolicy",
      ])
        assert.equal(recording.one(`aws:s3/${type}`).inputs.bucket, name);
    }
  });
});
