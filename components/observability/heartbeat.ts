import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";
import { physicalName } from "../base/naming";
import { metricAlarm } from "./alarm";
import { encryptedTopic } from "./alarm-topic";

/** Name of the topic that Alertmanager publishes the watchdog to. */
export const heartbeatTopicName = ({ prefix }: Pick<Context, "prefix">): string =>
  physicalName("topic", prefix, "heartbeat");

/** Seconds without a heartbeat after which the alarm is raised. Alertmanager sends one about every five minutes. */
const period = 900;

/**
 * The dead man's switch. Prometheus has an alert that always fires, Alertmanager publishes it to a topic without
 * subscribers, and CloudWatch raises an alarm when nothing arrives: Prometheus, Alertmanager, their egress, or the
 * whole cluster is down.
 */
export function heartbeat(
  parent: Component,
  key: string,
  args: {
    readonly context: Context;
    readonly keys: KeyArns;
    readonly alarmTopicArn: pulumi.Input<string>;
  },
): void {
  const topicName = heartbeatTopicName(args.context);
  encryptedTopic(parent, [key], { ...args, topicName });
  metricAlarm(parent, `${key}-alarm`, {
    name: `${topicName}-missing`,
    description:
      "No heartbeat for 15 minutes, so no other alert can reach you: Prometheus, Alertmanager, their egress or the whole cluster is down. See docs/alerts.md#watchdog.",
    namespace: "AWS/SNS",
    metricName: "NumberOfMessagesPublished",
    dimensions: { TopicName: topicName },
    statistic: "Sum",
    period,
    comparison: "LessThanThreshold",
    threshold: 1,
    // SNS publishes no zeros, so missing data must raise the alarm.
    missing: "breaching",
    alarmTopicArn: args.alarmTopicArn,
  });
}
