import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { Queue } from "../../../components/messaging/queue";
import { queueGrants } from "../../../components/messaging/queue-policy";
import { grantsOf } from "../../../components/system/access";
import { context, created, keyArn, preview } from "../data/fixture";
import type { StoreOutputs } from "../../../components/base/store";
import type { WorkloadSpec } from "../../../systems/spec";

const make =
  (protect = true, endpoint = false) =>
  (opts: pulumi.ComponentResourceOptions) =>
    new Queue(
      "m-tasks",
      {
        context: context(protect),
        settings: {
          visibilitySeconds: 60,
          retentionDays: 4,
          maxReceives: 5,
          deadLetterDays: 14,
          alarmAgeMinutes: 15,
        },
        system: "m",
        store: "tasks",
        keyArn,
        alarmTopicArn: "arn:alarms",
        endpoint,
      },
      opts,
    );

const live = "plinth-test-m-tasks";
const dead = "plinth-test-m-tasks-dead";
const arn = (name: string) => `arn:aws:sqs:ap-northeast-2:123456789012:${name}`;

const inputsOf = async (name: string) => (await created(make())).get(`m-tasks-${name}`) ?? {};
const json = (value: unknown) => JSON.parse(String(value)) as Record<string, unknown>;

describe("Queue", () => {
  it("encrypts with our key and has the configured retention", async () => {
    const common = { kmsMasterKeyId: keyArn };
    const queue = await inputsOf("queue");
    assert.deepEqual(queue, {
      ...common,
      name: live,
      messageRetentionSeconds: 345600,
      visibilityTimeoutSeconds: 60,
      receiveWaitTimeSeconds: 20,
    });
    assert.deepEqual(await inputsOf("dead"), { ...common, name: dead, messageRetentionSeconds: 1209600 });
  });

  it("is protected where state is", async () => {
    for (const protect of [true, false]) {
      const queues = (await preview(make(protect))).recording.ofType("aws:sqs/queue:Queue");
      assert.deepEqual(
        queues.map((queue) => queue.protect),
        [protect, protect],
      );
    }
  });

  it("moves failed messages to a dead-letter queue, only for this queue", async () => {
    assert.deepEqual(json((await inputsOf("redrive")).redrivePolicy), {
      deadLetterTargetArn: "arn:m-tasks-dead",
      maxReceiveCount: 5,
    });
    assert.deepEqual(json((await inputsOf("redrive-allow")).redriveAllowPolicy), {
      redrivePermission: "byQueue",
      sourceQueueArns: [arn(live)],
    });
  });

  it("denies requests without TLS on both queues, and grants nothing", async () => {
    for (const [key, name] of [
      ["queue-policy", live],
      ["dead-policy", dead],
    ] as const)
      assert.deepEqual(json((await inputsOf(key)).policy).Statement, [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "sqs:*",
          Resource: arn(name),
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ]);
  });

  it("raises an alarm on old messages, and on the first one in the dead-letter queue", async () => {
    const alarm = async (key: string) => {
      const { metricName, dimensions, threshold, alarmActions, treatMissingData } = await inputsOf(key);
      return { metricName, dimensions, threshold, alarmActions, treatMissingData };
    };
    const common = { alarmActions: ["arn:alarms"], treatMissingData: "notBreaching" };
    assert.deepEqual(await alarm("age"), {
      ...common,
      metricName: "ApproximateAgeOfOldestMessage",
      dimensions: { QueueName: live },
      threshold: 900,
    });
    assert.deepEqual(await alarm("given-up"), {
      ...common,
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: dead },
      threshold: 1,
    });
  });

  it("outputs its destination: the internet, or the interface endpoint", async () => {
    for (const [endpoint, kind] of [
      [false, "internet"],
      [true, "private"],
    ] as const) {
      const { destinations, ready, metrics } = (await preview(make(true, endpoint))).store.outputs;
      assert.deepEqual(destinations, [{ kind, ports: [443] }]);
      assert.equal(ready.length, 3);
      assert.deepEqual(metrics?.dimensions, [{ QueueName: live }, { QueueName: dead }]);
    }
  });
});

describe("a reference to a queue", () => {
  const grants = queueGrants(arn(live), context(true), keyArn);
  const actions = (output: keyof typeof grants) => grants[output].flatMap(({ Action }) => Action as string[]);

  it("grants sending, receiving or both, by the output that it names", () => {
    const [send, receive] = [actions("sendUrl"), actions("receiveUrl")];
    assert.ok(send.includes("sqs:SendMessage") && !send.includes("sqs:ReceiveMessage"));
    assert.ok(send.includes("kms:GenerateDataKey"));
    assert.ok(receive.includes("sqs:DeleteMessage") && !receive.includes("sqs:SendMessage"));
    assert.ok(receive.includes("kms:Decrypt") && !receive.includes("kms:GenerateDataKey"));
    assert.deepEqual(new Set(actions("url")), new Set([...send, ...receive]));
  });

  it("grants the key only through SQS", () => {
    for (const statements of Object.values(grants))
      assert.deepEqual(statements[1]?.Condition, {
        StringEquals: { "kms:ViaService": "sqs.ap-northeast-2.amazonaws.com" },
      });
  });

  it("is a workload's only grant", () => {
    const stores: Record<string, StoreOutputs> = {
      tasks: { plain: {}, ready: [], destinations: [], grants: [], grantsByOutput: grants },
    };
    const workload = (from: string) => ({ env: { A: { from }, B: { from } } }) as unknown as WorkloadSpec;
    assert.deepEqual(grantsOf(workload("tasks.sendUrl"), stores), grants.sendUrl);
    assert.deepEqual(grantsOf(workload("tasks.receiveUrl"), stores), grants.receiveUrl);
  });
});
