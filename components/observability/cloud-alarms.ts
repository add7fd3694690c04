import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import { metricAlarm } from "./alarm";

/** An alarm of CloudWatch on one metric. */
export interface CloudAlarm {
  readonly metric: string;
  readonly statistic: "Average" | "Maximum" | "Minimum" | "Sum" | "p95";
  /** Threshold: raised at or above `atLeast`, at or below `atMost`. */
  readonly bound: { readonly atLeast: number } | { readonly atMost: number };
  /** Seconds of one period, and periods in a row. */
  readonly over: readonly [seconds: number, periods: number];
  /** What happened, what it means for users, and what to do first: the only text that subscribers get. */
  readonly description: string;
}

const minute = 60;

/**
 * Alarms on each NAT gateway. It has 55,000 ports for each destination. Source: Amazon VPC user guide, CloudWatch metrics
 * of NAT gateways.
 */
export const natAlarms = {
  ports: {
    metric: "ErrorPortAllocation",
    statistic: "Sum",
    bound: { atLeast: 1 },
    over: [5 * minute, 1],
    description:
      "A NAT gateway has no free port for a destination, so new connections to it fail. Find what opens so many connections, or reach the service over an interface endpoint. See docs/network.md.",
  },
} as const satisfies Readonly<Record<string, CloudAlarm>>;

/** Alarms on a NAT instance. Source: EC2 user guide, CloudWatch metrics of instances: status checks, each minute. */
export const natInstanceAlarms = {
  status: {
    metric: "StatusCheckFailed",
    statistic: "Maximum",
    bound: { atLeast: 1 },
    over: [minute, 5],
    description:
      "The NAT instance fails its status checks: the private subnets can't reach the internet. EC2 recovers the instance if its hardware failed; otherwise reboot it. See docs/network.md.",
  },
} as const satisfies Readonly<Record<string, CloudAlarm>>;

/** Alarms on the account's reputation. AWS reviews accounts at 5 % bounces or 0.1 % complaints. Source: SES guide. */
export const reputationAlarms: Readonly<Record<string, CloudAlarm>> = {
  bounces: {
    metric: "Reputation.BounceRate",
    statistic: "Maximum",
    bound: { atLeast: 0.05 },
    over: [15 * minute, 1],
    description:
      "5 % of the mail bounces: AWS places the account under review and may pause its sending. Find out which addresses bounce. See docs/mail.md.",
  },
  complaints: {
    metric: "Reputation.ComplaintRate",
    statistic: "Maximum",
    bound: { atLeast: 0.001 },
    over: [15 * minute, 1],
    description:
      "0.1 % of the mail is marked as spam: AWS places the account under review and may pause its sending. Find out which mail it is. See docs/mail.md.",
  },
};

export interface CloudAlarmsArgs {
  /** Prefix of the alarms' names. */
  readonly label: string;
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly alarmTopicArn: pulumi.Input<string>;
  /** Provider of the region that has metric and topic. Default: the parent's. */
  readonly provider?: pulumi.ProviderResource | undefined;
}

/** Alarms on one resource, named after `key` and the table's keys. */
export function cloudAlarms(
  parent: Component,
  key: string,
  table: Readonly<Record<string, CloudAlarm>>,
  { label, ...part }: CloudAlarmsArgs,
): Record<string, aws.cloudwatch.MetricAlarm> {
  const made: Record<string, aws.cloudwatch.MetricAlarm> = {};
  for (const [alarm, { metric, statistic, bound, over, description }] of Object.entries(table)) {
    const [period, periods] = over;
    made[alarm] = metricAlarm(parent, `${key}-${alarm}`, {
      ...part,
      name: `${label}-${alarm}`,
      description,
      metricName: metric,
      statistic,
      ...("atLeast" in bound
        ? { threshold: bound.atLeast }
        : { threshold: bound.atMost, comparison: "LessThanOrEqualToThreshold" }),
      period,
      periods,
    });
  }
  return made;
}
