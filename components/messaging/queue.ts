import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { QueueSettings } from "../../config";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import { physicalName } from "../base/naming";
import type { Metrics, StoreOutputs } from "../base/store";
import { httpsPort } from "../base/ports";
import { metricAlarm } from "../observability/alarm";
import { queueArn, queueGrants, queuePolicy } from "./queue-policy";

export interface QueueArgs {
  readonly context: Context;
  readonly settings: QueueSettings;
  readonly system: string;
  readonly store: string;
  /** Key that encrypts the messages. */
  readonly keyArn: pulumi.Input<string>;
  /** Topic for alarms. */
  readonly alarmTopicArn: pulumi.Input<string>;
  /** Whether the VPC has an interface endpoint for SQS. Otherwise SQS is reached over the internet. */
  readonly endpoint: boolean;
}

const secondsADay = 24 * 60 * 60;

/** Long polling time in seconds: SQS' maximum, which avoids most empty responses. */
export const longPollSeconds = 20;

const namespace = "AWS/SQS";

/**
 * Message queue on SQS: encrypted, over TLS only, with a dead-letter queue for messages that can't be processed. Alarms
 * are raised when messages get old, and when the first one reaches the dead-letter queue.
 */
export class Queue extends Component {
  readonly outputs: StoreOutputs;

  constructor(
    name: string,
    private readonly args: QueueArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:messaging:Queue", name, opts);
    const { context, settings, keyArn, endpoint } = args;
    const [live, dead] = [this.physical(), this.physical("dead")];
    const queue = this.queue("queue", live, {
      messageRetentionSeconds: settings.retentionDays * secondsADay,
      visibilityTimeoutSeconds: settings.visibilitySeconds,
      receiveWaitTimeSeconds: longPollSeconds,
    });
    const deadQueue = this.queue("dead", dead, {
      messageRetentionSeconds: settings.deadLetterDays * secondsADay,
    });
    const policies = [this.policy("queue", queue, live), this.policy("dead", deadQueue, dead)];
    const redrive = this.redrive(queue, deadQueue, live);
    this.alarm("age", live, "ApproximateAgeOfOldestMessage", settings.alarmAgeMinutes * 60);
    this.alarm("given-up", dead, "ApproximateNumberOfMessagesVisible", 1);
    this.outputs = {
      plain: { url: queue.url, sendUrl: queue.url, receiveUrl: queue.url },
      ready: [...policies, redrive],
      destinations: [{ kind: endpoint ? "private" : "internet", ports: [httpsPort] }],
      grants: [],
      grantsByOutput: queueGrants(queueArn(context, live), context, keyArn),
      metrics: metrics(live, dead),
    };
    this.registerOutputs();
  }

  /** A plain value, so policies and alarms have plain values, too. */
  private physical(...more: string[]): string {
    const { context, system, store } = this.args;
    return physicalName("queue", context.prefix, system, store, ...more);
  }

  private queue(key: string, name: string, more: aws.sqs.QueueArgs): aws.sqs.Queue {
    const { context, keyArn } = this.args;
    const args = { name, kmsMasterKeyId: keyArn, ...more };
    return new aws.sqs.Queue(this.child(key), args, { ...this.inside, protect: context.protect });
  }

  private policy(key: string, queue: aws.sqs.Queue, name: string): aws.sqs.QueuePolicy {
    const policy = JSON.stringify(queuePolicy(queueArn(this.args.context, name)));
    return new aws.sqs.QueuePolicy(this.child(key, "policy"), { queueUrl: queue.url, policy }, this.inside);
  }

  /** Messages received too often move to the dead-letter queue, which accepts only messages of this queue. */
  private redrive(queue: aws.sqs.Queue, dead: aws.sqs.Queue, name: string): aws.sqs.RedrivePolicy {
    const { context, settings } = this.args;
    new aws.sqs.RedriveAllowPolicy(
      this.child("redrive-allow"),
      {
        queueUrl: dead.url,
        redriveAllowPolicy: JSON.stringify({
          redrivePermission: "byQueue",
          sourceQueueArns: [queueArn(context, name)],
        }),
      },
      this.inside,
    );
    return new aws.sqs.RedrivePolicy(
      this.child("redrive"),
      {
        queueUrl: queue.url,
        // The ARN as an output, since SQS requires the queue to exist.
        redrivePolicy: dead.arn.apply((deadLetterTargetArn) =>
          JSON.stringify({ deadLetterTargetArn, maxReceiveCount: settings.maxReceives }),
        ),
      },
      this.inside,
    );
  }

  private alarm(
    key: keyof typeof descriptions,
    queueName: string,
    metricName: string,
    threshold: number,
  ): void {
    const { alarmTopicArn } = this.args;
    metricAlarm(this, key, {
      name: `${queueName}-${key}`,
      description: descriptions[key],
      namespace,
      metricName,
      dimensions: { QueueName: queueName },
      statistic: "Maximum",
      threshold,
      alarmTopicArn,
    });
  }
}

/** Texts of the alarms. */
const descriptions = {
  age: "The oldest message in the queue has waited too long: consumers are down, too slow or too few. Check the consumer's pods and their log.",
  "given-up":
    "The dead-letter queue has messages: consumers received them several times but never deleted them. Read them, fix the consumer, then start a redrive.",
} as const;

const metrics = (...queues: readonly string[]): Metrics => ({
  namespace,
  dimensions: queues.map((QueueName) => ({ QueueName })),
});
