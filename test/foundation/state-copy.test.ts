import assert from "node:assert/strict";
import { statements } from "../../policies/lib/statements";
import { foundationOf } from "../support/foundations";

describe("the states in the second region", () => {
  const copied = "plinth-standby-state-333333333333";

  it("are replicated in both directions, locked in both buckets, with an alarm on delays", async () => {
    const { recording } = await foundationOf("prod");
    const rules = recording
      .ofType("aws:s3/bucketReplicationConfig:BucketReplicationConfig")
      .filter(({ inputs }) => String(inputs.bucket).includes("-state-"));
    assert.deepEqual(
      Object.fromEntries(
        rules.map(({ inputs }) => [
          inputs.bucket,
          (inputs.rules as { destination: { bucket: string } }[])[0]?.destination.bucket,
        ]),
      ),
      {
        "plinth-state-333333333333": `arn:aws:s3:::${copied}`,
        [copied]: "arn:aws:s3:::plinth-state-333333333333",
      },
    );
    for (const name of ["foundation-state-lock", "foundation-standby-state-lock"])
      assert.deepEqual(
        recording.one("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", name).inputs.rule,
        { defaultRetention: { days: 90, mode: "GOVERNANCE" } },
      );
    const alarm = recording.one(
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      "foundation-standby-replication-latency",
    );
    assert.deepEqual(alarm.inputs.dimensions, {
      SourceBucket: "plinth-state-333333333333",
      DestinationBucket: copied,
      RuleId: "all",
    });
    assert.equal(alarm.provider, recording.one("aws:kms/replicaKey:ReplicaKey").provider);
  });

  it("have a replica of the key of their secrets, which Pulumi finds by the same alias", async () => {
    const { recording } = await foundationOf("prod");
    assert.equal(recording.one("aws:kms/key:Key", "foundation-state-secrets").inputs.multiRegion, true);
    const { propertyDependencies } = recording.one("aws:kms/replicaKey:ReplicaKey");
    assert.match(String(propertyDependencies.primaryKeyArn), /::foundation-state-secrets$/);
    const aliases = recording.ofType("aws:kms/alias:Alias").filter(({ name }) => name.includes("secrets"));
    assert.deepEqual(
      aliases.map(({ inputs }) => inputs.name),
      ["alias/plinth-secrets", "alias/plinth-secrets"],
    );
    assert.notEqual(aliases[0]?.provider, aliases[1]?.provider);
    const { secretsProviders } = recording.outputs as { secretsProviders: Record<string, string> };
    assert.ok(
      aliases.every(({ inputs }) => secretsProviders.prod?.startsWith(`awskms://${String(inputs.name)}?`)),
    );
    assert.doesNotMatch(String(secretsProviders.prod), /region=/);
  });

  it("can't be emptied or unlocked by a deployment", async () => {
    const { recording } = await foundationOf("prod");
    const boundary = recording.one("aws:iam/policy:Policy", "foundation-pipelines-boundary");
    const refused = (statements(boundary.inputs.policy) ?? []).filter(
      ({ allows, tests, resources }) =>
        !allows && tests.length === 0 && resources.includes(`arn:aws:s3:::${copied}`),
    );
    assert.ok(refused.every(({ resources }) => resources.includes(`arn:aws:s3:::${copied}/*`)));
    const actions = refused.flatMap((statement) => statement.actions);
    for (const action of ["PutBucketPolicy", "DeleteObjectVersion", "PutReplicationConfiguration"])
      assert.ok(actions.includes(`s3:${action}`), action);
  });

  it("exist only if the stack file has a second region", async () => {
    const { recording } = await foundationOf("dev");
    assert.deepEqual(recording.ofType("aws:kms/replicaKey:ReplicaKey"), []);
    assert.equal(recording.ofType("aws:s3/bucketReplicationConfig:BucketReplicationConfig").length, 0);
    assert.equal(recording.outputs.backendCopy, undefined);
  });
});
