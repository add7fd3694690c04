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
