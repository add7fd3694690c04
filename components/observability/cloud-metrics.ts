/** A metric of CloudWatch, for every value of its dimensions or for one. */
export interface CloudMetric {
  readonly namespace: string;
  readonly metric: string;
  readonly dimension: Readonly<Record<string, string>>;
  /** Default: the environment's. */
  readonly region?: string;
}

const of =
  (namespace: string, dimension: Readonly<Record<string, string>>, region?: string) =>
  (metric: string): CloudMetric => ({ namespace, metric, dimension, ...(region && { region }) });

const database = of("AWS/RDS", { DBInstanceIdentifier: "*" });
const proxy = of("AWS/RDS", { ProxyName: "*" });
const cache = of("AWS/ElastiCache", { CacheClusterId: "*" });
const queue = of("AWS/SQS", { QueueName: "*" });
const vault = of("AWS/Backup", { BackupVaultName: "*" });
const bill = of("AWS/Billing", { Currency: "USD" }, "us-east-1");

/**
 * CloudWatch metrics of the dashboards: a fixed list, which limits what Grafana queries. An account has one
 * environment, so every database, cache and queue in it is the environment's.
 *
 * Sources: the services' user guides, CloudWatch metrics for Amazon RDS, RDS Proxy, ElastiCache, SQS and AWS Backup;
 * CloudWatch user guide, monitor estimated charges (in us-east-1 alone, once billing alerts are on).
 */
export const cloudMetrics = {
  databaseCpu: database("CPUUtilization"),
  databaseConnections: database("DatabaseConnections"),
  databaseFreeStorage: database("FreeStorageSpace"),
  databaseReadLatency: database("ReadLatency"),
  databaseWriteLatency: database("WriteLatency"),
  databaseLag: database("ReplicaLag"),
  proxyBorrowLatency: proxy("DatabaseConnectionsBorrowLatency"),
  cacheMemory: cache("DatabaseMemoryUsagePercentage"),
  cacheEvictions: cache("Evictions"),
  cacheHits: cache("CacheHitRate"),
  cacheLag: cache("ReplicationLag"),
  queueAge: queue("ApproximateAgeOfOldestMessage"),
  queueMessages: queue("ApproximateNumberOfMessagesVisible"),
  backupsCompleted: vault("NumberOfBackupJobsCompleted"),
  backupsFailed: vault("NumberOfBackupJobsFailed"),
  charges: bill("EstimatedCharges"),
} as const satisfies Readonly<Record<string, CloudMetric>>;
