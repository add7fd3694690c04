import type { CloudAlarm } from "./cloud-alarms";

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
  description:
    "The database's CPU has been above 90 % for 15 minutes: queries are slow. Find the top SQL in Performance Insights, or use a larger instance class.",
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
      "The database's storage is nearly full and RDS can't scale it any further: writes fail when it is full. Raise maxStorage in the stack file.",
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
      "DatabaseConnectionPoolExhausted: nearly all of the database's connections are open; at max_connections it refuses new ones. Lower pool, or raise max_connections. See docs/alerts.md#databaseconnectionpoolexhausted.",
  },
});

/** Further alarms on read replicas: RPO and staleness. */
export const replicaAlarms = {
  lag: {
    metric: "ReplicaLag",
    statistic: "Maximum",
    bound: { atLeast: 5 * minute },
    over: [minute, 5],
    description:
      "A read replica is more than 5 minutes behind its primary: reads from it return old data. If it doesn't catch up, use a larger instance class for it.",
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
      "The cache's engine thread has been above 90 % CPU for 15 minutes: commands are slow. Find the slow commands, or use a larger node type.",
  },
  memory: {
    metric: "DatabaseMemoryUsagePercentage",
    statistic: "Maximum",
    bound: { atLeast: 90 },
    over: [5 * minute, 3],
    description:
      "The cache has used 90 % of its memory for 15 minutes: at 100 % it evicts keys or rejects writes. Use a larger node type, or shorter TTLs.",
  },
  evictions: {
    metric: "Evictions",
    statistic: "Sum",
    bound: { atLeast: 1000 },
    over: [5 * minute, 3],
    description:
      "The cache evicts keys before their TTL ends: it has too little memory. Use a larger node type, or shorter TTLs.",
  },
} as const satisfies Readonly<Record<string, CloudAlarm>>;

/** Further alarms on each node of a cache with replicas. */
export const cacheCopyAlarms = {
  lag: {
    metric: "ReplicationLag",
    statistic: "Maximum",
    bound: { atLeast: 30 },
    over: [minute, 5],
    description:
      "A replica of the cache is more than 30 seconds behind its primary: a failover loses those writes. If it doesn't catch up, use a larger node type.",
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
    description:
      "Clients wait half a second for a connection from RDS Proxy: its connection pool is exhausted. Look for long transactions, or raise connections of the store's pooling in the stack file.",
  },
} as const satisfies Readonly<Record<string, CloudAlarm>>;
