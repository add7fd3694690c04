import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import { metricAlarm } from "./alarm";
import { thresholds } from "./thresholds";

/** An alarm of CloudWatch on one metric. */
export interface CloudAlarm {
  readonly metric: string;
  readonly statistic: "Average" | "Maximum" | "Minimum" | "Sum" | "p95";
  /** Raised above or below the threshold, or at it. */
  readonly bound: { readonly atLeast: number } | { readonly atMost: number };
  /** Seconds of one period, and periods in a row. */
  readonly over: readonly [seconds: number, periods: number];
  /** What is wrong and what to do: it is all that a subscriber reads. */
  readonly description: string;
}

const minute = 60;
const gibibyte = 2 ** 30;

/** Amounts of a database that its thresholds follow from. */
export interface DatabaseAmounts {
  /** GiB that the instance begins with; RDS adds storage by itself up to its maximum. */
  readonly storage: number;
  /** Connections that the instance takes. */
  readonly connections: number;
  /** Share of them that may be open. */
  readonly connectionShare: number;
}

/** Alarms on every RDS instance. Source of the metrics: Amazon RDS user guide, CloudWatch metrics for Amazon RDS. */
export const databaseAlarms = (amounts: DatabaseAmounts): Readonly<Record<string, CloudAlarm>> => ({
  storage: {
    metric: "FreeStorageSpace",
    statistic: "Minimum",
    // RDS adds storage when a tenth is left; below half of that it has reached its maximum.
    bound: { atMost: 0.05 * amounts.storage * gibibyte },
    over: [5 * minute, 3],
    description:
      "The database's disk is nearly full and has stopped growing: raise maxStorage in the stack file.",
  },
  cpu: {
    metric: "CPUUtilization",
    statistic: "Average",
    bound: { atLeast: 90 },
    over: [5 * minute, 3],
    description:
      "The database's CPU is busy: Performance Insights names the queries; or take a larger class.",
  },
  // AMS' document: DatabaseConnectionPoolExhausted, `pg_stat_activity_count > 90` for 5 m, critical. That is 90 of
  // PostgreSQL's default of 100; these instances take other numbers, so it is the share of what each takes.
  connections: {
    metric: "DatabaseConnections",
    statistic: "Maximum",
    bound: { atLeast: Math.ceil(amounts.connectionShare * amounts.connections) },
    over: [minute, 5],
    description:
      "DatabaseConnectionPoolExhausted: nearly all connections are open, and the next are refused. Lower pool, or raise max_connections.",
  },
});

/** Alarms on read replicas besides: RPO and staleness. */
export const replicaAlarms: Readonly<Record<string, CloudAlarm>> = {
  lag: {
    metric: "ReplicaLag",
    statistic: "Maximum",
    bound: { atLeast: 5 * minute },
    over: [minute, 5],
    description: "A read replica is more than five minutes behind: what reads from it sees old data.",
  },
};

/** Alarms on each node of a cache. Source: ElastiCache user guide, metrics for Valkey and Redis OSS. */
export const cacheAlarms: Readonly<Record<string, CloudAlarm>> = {
  memory: {
    metric: "DatabaseMemoryUsagePercentage",
    statistic: "Maximum",
    bound: { atLeast: 90 },
    over: [5 * minute, 3],
    description:
      "The cache's memory is nearly full: keys are evicted, or writes fail. Take a larger node type.",
  },
  evictions: {
    metric: "Evictions",
    statistic: "Sum",
    bound: { atLeast: 1000 },
    over: [5 * minute, 3],
    description:
      "The cache evicts keys before they expire: take a larger node type, or let keys expire sooner.",
  },
};

/** Alarms on each node of a cache with copies besides. */
export const cacheCopyAlarms: Readonly<Record<string, CloudAlarm>> = {
  lag: {
    metric: "ReplicationLag",
    statistic: "Maximum",
    bound: { atLeast: 30 },
    over: [minute, 5],
    description: "A copy of the cache is more than 30 seconds behind: a failover would lose that much.",
  },
};

/**
 * Alarms on an RDS Proxy. Source: Amazon RDS user guide, monitoring RDS Proxy: `DatabaseConnectionsBorrowLatency` is in
 * microseconds.
 */
export const proxyAlarms: Readonly<Record<string, CloudAlarm>> = {
  borrow: {
    metric: "DatabaseConnectionsBorrowLatency",
    statistic: "Average",
    bound: { atLeast: 500_000 },
    over: [minute, 5],
    description: "Clients wait half a second for a connection of the database proxy: its pool is used up.",
  },
};

/** Alarms on the account's reputation. AWS reviews it from 5 % bounces and 0.1 % complaints. Source: SES guide. */
export const reputationAlarms: Readonly<Record<string, CloudAlarm>> = {
  bounces: {
    metric: "Reputation.BounceRate",
    statistic: "Maximum",
    bound: { atLeast: 0.05 },
    over: [15 * minute, 1],
    description: "5 % of the mail bounces: AWS puts the account under review. See docs/mail.md.",
  },
  complaints: {
    metric: "Reputation.ComplaintRate",
    statistic: "Maximum",
    bound: { atLeast: 0.001 },
    over: [15 * minute, 1],
    description: "0.1 % of the recipients complain: AWS puts the account under review. See docs/mail.md.",
  },
};

/** Alarms on a certificate of ACM, which renews 60 days before the end where it can. */
export const certificateAlarms: Readonly<Record<string, CloudAlarm>> = {
  expiry: {
    metric: "DaysToExpiry",
    statistic: "Minimum",
    bound: { atMost: 30 },
    over: [1440 * minute, 1],
    description: "ACM hasn't renewed a certificate: see whether its DNS record is there.",
  },
};

/**
 * Alarms on the public load balancer. Source: ELB user guide for application load balancers, CloudWatch metrics: times
 * are in seconds. The amounts of errors are ours: a few happen with each release and each pod that dies.
 */
export const balancerAlarms: Readonly<Record<string, CloudAlarm>> = {
  errors: {
    metric: "HTTPCode_ELB_5XX_Count",
    statistic: "Sum",
    bound: { atLeast: 25 },
    over: [5 * minute, 1],
    description:
      "The load balancer answers with errors of its own: no pod is healthy, or pods close connections. See docs/edge.md.",
  },
  "target-errors": {
    metric: "HTTPCode_Target_5XX_Count",
    statistic: "Sum",
    bound: { atLeast: 100 },
    over: [5 * minute, 1],
    description: "Pods answer with errors: the alert HighErrorRate says which. See docs/alerts.md.",
  },
  latency: {
    metric: "TargetResponseTime",
    statistic: "p95",
    bound: { atLeast: thresholds.p95Seconds },
    over: [minute, 5],
    description:
      "Of 100 requests, five take longer than the objective: see docs/alerts.md, HighResponseTime.",
  },
};

/** Alarms on a CloudFront distribution, in us-east-1. Source: CloudFront developer guide, viewing metrics: a percentage. */
export const distributionAlarms: Readonly<Record<string, CloudAlarm>> = {
  errors: {
    metric: "5xxErrorRate",
    statistic: "Average",
    bound: { atLeast: 5 },
    over: [5 * minute, 2],
    description:
      "5 % of the CDN's answers are errors: the load balancer doesn't answer, or refuses it. See docs/edge.md.",
  },
};

export interface CloudAlarmsArgs {
  /** Beginning of the alarms' names. */
  readonly label: string;
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Alarms on one part: `key` and the table's own keys name them. */
export function cloudAlarms(
  parent: Component,
  key: string,
  table: Readonly<Record<string, CloudAlarm>>,
  { label, ...part }: CloudAlarmsArgs,
): void {
  for (const [alarm, { metric, statistic, bound, over, description }] of Object.entries(table)) {
    const [period, periods] = over;
    metricAlarm(parent, `${key}-${alarm}`, {
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
}
