import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import { metricAlarm } from "./alarm";
import { thresholds } from "./thresholds";

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

/** Alarms on a certificate of ACM, which renews it 60 days before expiry if it can. */
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

/**
 * Alarms on the domain that logs and traces are searched in. Source: Amazon OpenSearch Service developer guide,
 * recommended CloudWatch alarms: `FreeStorageSpace` is in MiB and the smallest node's, the states are 1 or 0.
 *
 * @param nodes Its data nodes: their count, and the GiB of each one's volume.
 */
export const searchAlarms = (nodes: {
  readonly count: number;
  readonly storage: number;
}): Readonly<Record<string, CloudAlarm>> => ({
  red: {
    metric: "ClusterStatus.red",
    statistic: "Maximum",
    bound: { atLeast: 1 },
    over: [minute, 1],
    description:
      "OpenSearch: a shard and all its copies are gone, and what they held isn't found. See docs/logs.md.",
  },
  // With one node no copy can be placed, but none is asked for either.
  yellow: {
    metric: "ClusterStatus.yellow",
    statistic: "Maximum",
    bound: { atLeast: 1 },
    over: [minute, 30],
    description: "OpenSearch: copies of shards have had no node for half an hour. See docs/logs.md.",
  },
  storage: {
    metric: "FreeStorageSpace",
    statistic: "Minimum",
    bound: { atMost: 0.25 * nodes.storage * 1024 },
    over: [minute, 5],
    description:
      "OpenSearch: a node has a quarter of its disk left; without any, no log is taken. Raise nodes.storage, or lower deleteAfterDays.",
  },
  blocked: {
    metric: "ClusterIndexWritesBlocked",
    statistic: "Maximum",
    bound: { atLeast: 1 },
    over: [5 * minute, 1],
    description: "OpenSearch takes no logs: its disk is full, or its memory. The collectors wait.",
  },
  nodes: {
    metric: "Nodes",
    statistic: "Minimum",
    bound: { atMost: nodes.count - 1 },
    over: [1440 * minute, 1],
    description: "OpenSearch: a node has been gone for a day.",
  },
  snapshot: {
    metric: "AutomatedSnapshotFailure",
    statistic: "Maximum",
    bound: { atLeast: 1 },
    over: [minute, 1],
    description: "OpenSearch: its own hourly snapshot has failed. It comes with a red cluster.",
  },
  cpu: {
    metric: "CPUUtilization",
    statistic: "Maximum",
    bound: { atLeast: 80 },
    over: [15 * minute, 3],
    description: "OpenSearch: its nodes are busy. Take a larger type, or more nodes.",
  },
  memory: {
    metric: "JVMMemoryPressure",
    statistic: "Maximum",
    bound: { atLeast: 95 },
    over: [minute, 3],
    description: "OpenSearch: a node's heap is full. Take a larger type, or keep fewer days.",
  },
  key: {
    metric: "KMSKeyInaccessible",
    statistic: "Maximum",
    bound: { atLeast: 1 },
    over: [minute, 1],
    description: "OpenSearch can't use its key: without it everything is lost. Give the key back at once.",
  },
  "key-error": {
    metric: "KMSKeyError",
    statistic: "Maximum",
    bound: { atLeast: 1 },
    over: [minute, 1],
    description: "OpenSearch's key is disabled: enable it again.",
  },
});

export interface CloudAlarmsArgs {
  /** Prefix of the alarms' names. */
  readonly label: string;
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Alarms on one resource, named after `key` and the table's keys. */
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
