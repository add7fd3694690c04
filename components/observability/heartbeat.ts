import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Context, KeyArns } from "../base/context";
import { physicalName } from "../base/naming";

/** Name of the topic that Alertmanager sends its watchdog to. */
export const heartbeatTopicName = ({ prefix }: Pick<Context, "prefix">): string =>
  physicalName("topic", prefix, "heartbeat");

/** Seconds without a heartbeat after which the alarm is raised. Alertmanager sends one about every five minutes. */
const period = 900;

/**
 * The dead man's switch. Prometheus has an alert that always fires, Alertmanager sends it to a topic without
 * subscribers, and CloudWatch raises an alarm when nothing arrives: Prometheus, Alertmanager, their way out of the
 * cluster, or the whole cluster is down.
 */
export function heartbeat(
  name: string,
  args: {
    readonly context: Context;
    readonly keys: KeyArns;
    readonly alarmTopicArn: pulumi.Input<string>;
    /** Statements of the topic's policy, by its name. */
    readonly policy: (topicName: string) => object;
  },
  opts: { readonly parent: pulumi.Resource },
): void {
  const topicName = heartbeatTopicName(args.context);
  const topic = new aws.sns.Topic(
    `${name}-topic`,
    { name: topicName, kmsMasterKeyId: args.keys.alarms },
    opts,
  );
  new aws.sns.TopicPolicy(
    `${name}-policy`,
    { arn: topic.arn, policy: JSON.stringify(args.policy(topicName)) },
    opts,
  );
  new aws.cloudwatch.MetricAlarm(
    `${name}-alarm`,
    {
      name: `${topicName}-missing`,
      alarmDescription:
        "No alert can reach you: Prometheus or Alertmanager is down, or can't send. See docs/alerts.md#watchdog.",
      namespace: "AWS/SNS",
      metricName: "NumberOfMessagesPublished",
      dimensions: { TopicName: topicName },
      statistic: "Sum",
      period,
      evaluationPeriods: 1,
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      // SNS publishes no zero: no data is what the alarm is for.
      treatMissingData: "breaching",
      alarmActions: [args.alarmTopicArn],
      okActions: [args.alarmTopicArn],
    },
    opts,
  );
}
