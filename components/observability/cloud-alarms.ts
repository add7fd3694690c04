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
  /** What is wrong and what to do: the only text that subscribers get. */
  readonly description: string;
}

const minute = 60;
const gibibyte = 2 ** 30;

/** Settings of a database that determine its thresholds. */
export interface DatabaseAmounts {
  /** Initial storage in GiB; RDS autoscales it up to its maximum. */
  readonly storage: number;
  /** Connections that the instance allows. */
  readonly connections: number;
  /** Share of them that may be open. */
  readonly connectionShare: number;
}

/** Alarm on the CPU of every RDS instance, whatever its amounts. */
export const databaseCpu: CloudAlarm = {
  metric: "CPUUtilization",
  statistic: "Average",
  bound: { atLeast: 90 },
  over: [5 * minute, 3],
  description: "The database's CPU is busy: Performance Insights names the queries; or take a larger class.",
};

/** Alarms on every RDS instance. Source of the metrics: Amazon RDS user guide, CloudWatch metrics for Amazon RDS. */
export const databaseAlarms = (amounts: DatabaseAmounts): Readonly<Record<string, CloudAlarm>> => ({
  storage: {
    metric: "FreeStorageSpace",
    statistic: "Minimum",
    // RDS adds storage when less than 10 % is free; below 5 % it has reached its maximum.
    bound: { atMost: 0.05 * amounts.storage * gibibyte },
    over: [5 * minute, 3],
    description:
      "The database's disk is nearly full and has stopped growing: raise maxStorage in the stack file.",
  },
  cpu: databaseCpu,
  // AMS' document: DatabaseConnectionPoolExhausted, `pg_stat_activity_count > 90` for 5 m, critical. That is 90 of
  // PostgreSQL's default of 100; these instances allow other numbers, so the threshold is a share.
  connections: {
    metric: "DatabaseConnections",
    statistic: "Maximum",
    bound: { atLeast: Math.ceil(amounts.connectionShare * amounts.connections) },
    over: [minute, 5],
    description:
      "DatabaseConnectionPoolExhausted: nearly all connections are open, and the next are refused. Lower pool, or raise max_connections.",
  },
});

/** Further alarms on read replicas: RPO and staleness. */
export const replicaAlarms = {
  lag: {
    metric: "ReplicaLag",
    statistic: "Maximum",
    bound: { atLeast: 5 * minute },
    over: [minute, 5],
    description: "A read replica is more than five minutes behind: what reads from it sees old data.",
  },
} as const satisfies Readonly<Record<string, CloudAlarm>>;

/**
 * Alarm on a bucket's copy in another region. Source: S3 user guide, using S3 Replication metrics, which says that the
 * metric is published in the region of the copy.
 */
export const bucketCopyAlarms = {
  latency: {
    metric: "ReplicationLatency",
    statistic: "Maximum",
    bound: { atLeast: 15 * minute },
    over: [5 * minute, 2],
    description:
      "Objects reach the second region later than the 15 minutes of timeControl: docs/runbooks/README.md.",
  },
} as const satisfies Readonly<Record<string, CloudAlarm>>;

/** Alarm on objects that don't reach a bucket's copy. The metric is published in the region of the source: ibid. */
export const failedBucketCopyAlarms = {
  failed: {
    metric: "OperationsFailedReplication",
    statistic: "Sum",
    bound: { atLeast: 1 },
    over: [5 * minute, 1],
    description:
      "Objects weren't copied to the other region, and won't be by themselves: docs/runbooks/README.md.",
  },
} as const satisfies Readonly<Record<string, CloudAlarm>>;

/**
 * Alarm on the copy of a file system in another region. Source: Amazon EFS user guide, CloudWatch metrics: its dimensions
 * are the two file systems.
 */
export const filesCopyAlarms = {
  lag: {
    metric: "TimeSinceLastSync",
    statistic: "Maximum",
    bound: { atLeast: 15 * minute },
    over: [5 * minute, 2],
    description: "Shared files reach the second region later than 15 minutes: docs/runbooks/README.md.",
  },
} as const satisfies Readonly<Record<string, CloudAlarm>>;

/** Alarms on each node of a cache. Source: ElastiCache user guide, metrics for Valkey and Redis OSS. */
export const cacheAlarms = {
  cpu: {
    metric: "EngineCPUUtilization",
    statistic: "Maximum",
    bound: { atLeast: 90 },
    over: [5 * minute, 3],
    description:
      "The cache's one command thread is busy: find the slow commands, or take a larger node type.",
  },
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
} as const satisfies Readonly<Record<string, CloudAlarm>>;

/** Further alarms on each node of a cache with replicas. */
export const cacheCopyAlarms = {
  lag: {
    metric: "ReplicationLag",
    statistic: "Maximum",
    bound: { atLeast: 30 },
    over: [minute, 5],
    description: "A copy of the cache is more than 30 seconds behind: a failover would lose that much.",
  },
} as const satisfies Readonly<Record<string, CloudAlarm>>;

/**
 * Alarms on an RDS Proxy. Source: Amazon RDS user guide, monitoring RDS Proxy: `DatabaseConnectionsBorrowLatency` is in
 * microseconds.
 */
export const proxyAlarms = {
  borrow: {
    metric: "DatabaseConnectionsBorrowLatency",
    statistic: "Average",
    bound: { atLeast: 500_000 },
    over: [minute, 5],
    description: "Clients wait half a second for a connection of the database proxy: its pool is used up.",
  },
} as const satisfies Readonly<Record<string, CloudAlarm>>;

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
      "A NAT gateway has no port left for a destination, so connections to it fail: find what opens so many, or reach the service over an interface endpoint.",
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
      "The NAT instance fails its status checks, so nothing in the private subnets reaches the internet. EC2 moves it if the hardware failed; else restart it: docs/network.md.",
  },
} as const satisfies Readonly<Record<string, CloudAlarm>>;

/** Alarms on the account's reputation. AWS reviews accounts at 5 % bounces or 0.1 % complaints. Source: SES guide. */
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
