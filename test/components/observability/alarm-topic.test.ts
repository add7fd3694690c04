import assert from "node:assert/strict";
import { AlarmTopic, topicPolicy } from "../../../components/observability/alarm-topic";
import { Keys } from "../../../components/security/keys";
import { previewProgram } from "../../../preview/run-program";
import { awsOnly, context } from "../network/fixture";

const preview = () =>
  previewProgram(() => {
    const opts = awsOnly();
    const keys = new Keys("keys", { context: context(true) }, opts);
    const settings = { emails: ["one@example.com", "two@example.com"] };
    new AlarmTopic("alarms", { context: context(true), settings, keys }, opts);
  });

describe("AlarmTopic", () => {
  it("is encrypted with the alarms' key, which CloudWatch may use only for it", async () => {
    const recording = await preview();
    const topic = recording.one("aws:sns/topic:Topic");
    const keys = recording.ofType("aws:kms/key:Key");
    const key = keys.find(({ name }) => name === "keys-alarms");
    assert.ok(key && topic.dependencies.includes(key.urn));
    const cloudWatch = keys.filter(({ inputs }) =>
      String(inputs.policy).includes("cloudwatch.amazonaws.com"),
    );
    assert.deepEqual(cloudWatch, [key]);
  });

  it("has the configured subscribers, each with its address", async () => {
    const subscriptions = (await preview()).ofType("aws:sns/topicSubscription:TopicSubscription");
    assert.deepEqual(
      subscriptions.map(({ name, inputs }) => [name, inputs.protocol, inputs.endpoint]),
      ["one@example.com", "two@example.com"].map((address) => [`alarms-${address}`, "email", address]),
    );
  });

  it("accepts only this account's alarms, over TLS", () => {
    const [allow, deny, ...more] = topicPolicy(context(true), "t").Statement;
    assert.equal(more.length, 0);
    assert.deepEqual(allow?.Principal, { Service: "cloudwatch.amazonaws.com" });
    assert.deepEqual(allow?.Condition, {
      StringEquals: { "aws:SourceAccount": context(true).accountId },
      ArnLike: { "aws:SourceArn": `arn:aws:cloudwatch:ap-northeast-2:${context(true).accountId}:alarm:*` },
    });
    assert.deepEqual(
      [deny?.Effect, deny?.Principal, deny?.Condition],
      ["Deny", "*", { Bool: { "aws:SecureTransport": "false" } }],
    );
  });
});
