import assert from "node:assert/strict";
import { Keys } from "../../../components/security/keys";
import { previewProgram } from "../../../preview/run-program";
import { awsOnly, context } from "../network/fixture";
import { statementsOf } from "../../support/inputs";

const preview = (protect: boolean, disposable = !protect, spot = false) =>
  previewProgram(() => void new Keys("keys", { context: context(protect, disposable), spot }, awsOnly()));

describe("Keys", () => {
  it("has one rotated key per purpose, with an alias", async () => {
    const recording = await preview(true);
    const keys = recording.ofType("aws:kms/key:Key");
    assert.deepEqual(
      keys.map(({ name }) => name),
      ["keys-alarms", "keys-cluster", "keys-data", "keys-logs"],
    );
    for (const { inputs } of keys) assert.equal(inputs.enableKeyRotation, true);
    assert.deepEqual(
      recording.ofType("aws:kms/alias:Alias").map(({ inputs }) => inputs.name),
      ["alarms", "cluster", "data", "logs"].map((purpose) => `alias/plinth-test-${purpose}`),
    );
  });

  it("is retained with the data even without protection, but its alias isn't", async () => {
    for (const protect of [true, false]) {
      const recording = await preview(protect, false);
      const kept = recording.ofType("aws:kms/key:Key").filter(({ options }) => options.retainOnDelete);
      assert.deepEqual(
        kept.map(({ name }) => name),
        ["keys-cluster", "keys-data"],
      );
      for (const { options } of recording.ofType("aws:kms/alias:Alias"))
        assert.equal(options.retainOnDelete, undefined);
    }
    for (const { options } of (await preview(false)).ofType("aws:kms/key:Key"))
      assert.equal(options.retainOnDelete, undefined);
  });

  it("has a deletion window of a month, or a week if the stack is disposable", async () => {
    for (const [protect, disposable, days] of [
      [true, false, 30],
      [false, false, 30],
      [false, true, 7],
    ] as const)
      for (const key of (await preview(protect, disposable)).ofType("aws:kms/key:Key")) {
        assert.equal(key.protect, protect);
        assert.equal(key.inputs.deletionWindowInDays, days);
      }
  });

  // EC2 Spot, and not the cluster's role, starts Spot Instances: their encrypted disks need its right to the key.
  it("lets EC2 Spot use the cluster's key where the nodes are Spot Instances", async () => {
    const recording = await preview(true, false, true);
    const [root, use, grants] = statementsOf(recording.one("aws:kms/key:Key", "keys-cluster").inputs.policy);
    const role =
      "arn:aws:iam::123456789012:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot";
    assert.deepEqual(root?.Principal, { AWS: "arn:aws:iam::123456789012:root" });
    assert.deepEqual([use?.Principal, grants?.Principal], [{ AWS: role }, { AWS: role }]);
    assert.ok((use?.Action as string[]).includes("kms:GenerateDataKeyWithoutPlaintext"));
    assert.equal(grants?.Action, "kms:CreateGrant");
    assert.deepEqual(grants.Condition, { Bool: { "kms:GrantIsForAWSResource": "true" } });
    for (const name of ["keys-data", "keys-logs"])
      assert.doesNotMatch(String(recording.one("aws:kms/key:Key", name).inputs.policy), /Spot/);
  });

  it("names as principals only the account, and CloudWatch Logs for its log groups", async () => {
    const recording = await preview(true);
    const of = (name: string) => statementsOf(recording.one("aws:kms/key:Key", name).inputs.policy);
    const account = { AWS: "arn:aws:iam::123456789012:root" };
    for (const name of ["keys-cluster", "keys-data"])
      assert.deepEqual(
        of(name).map(({ Principal }) => Principal),
        [account],
      );
    const [root, logs, ...others] = of("keys-logs");
    assert.deepEqual(root?.Principal, account);
    assert.deepEqual(logs?.Principal, { Service: "logs.ap-northeast-2.amazonaws.com" });
    assert.deepEqual(logs?.Condition, {
      ArnLike: {
        "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:ap-northeast-2:123456789012:log-group:*",
      },
    });
    assert.equal(others.length, 0);
    assert.deepEqual(
      of("keys-alarms").map(({ Principal, Condition }) => [Principal, Condition]),
      [
        [account, undefined],
        [{ Service: "cloudwatch.amazonaws.com" }, { StringEquals: { "aws:SourceAccount": "123456789012" } }],
        [
          { Service: "events.amazonaws.com" },
          {
            ArnLike: {
              "kms:EncryptionContext:aws:sns:topicArn":
                "arn:aws:sns:ap-northeast-2:123456789012:plinth-test-*",
            },
          },
        ],
      ],
    );
  });
});
