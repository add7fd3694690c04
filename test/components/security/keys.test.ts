import assert from "node:assert/strict";
import { Keys } from "../../../components/security/keys";
import { previewProgram } from "../../../preview/run-program";
import { awsOnly, context } from "../network/fixture";

const preview = (protect: boolean) =>
  previewProgram(() => void new Keys("keys", { context: context(protect) }, awsOnly()));

interface Statement {
  Principal: Record<string, string>;
  Condition?: unknown;
}
const statements = (policy: unknown) => (JSON.parse(String(policy)) as { Statement: Statement[] }).Statement;

describe("Keys", () => {
  it("has one rotated key a purpose, with an alias that people know", async () => {
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

  it("can be called back for a month where state is protected, for a week elsewhere", async () => {
    for (const [protect, days] of [
      [true, 30],
      [false, 7],
    ] as const)
      for (const key of (await preview(protect)).ofType("aws:kms/key:Key")) {
        assert.equal(key.protect, protect);
        assert.equal(key.inputs.deletionWindowInDays, days);
      }
  });

  it("names no principal but the account, and CloudWatch Logs for this account's log groups", async () => {
    const recording = await preview(true);
    const of = (name: string) => statements(recording.one("aws:kms/key:Key", name).inputs.policy);
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
  });
});
