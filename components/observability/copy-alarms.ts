import type { CloudAlarm } from "./cloud-alarms";

const minute = 60;

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
      "Objects reach the bucket in the second region more than 15 minutes late: a failover would miss them. See docs/runbooks/README.md.",
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
      "S3 failed to replicate objects to the other region, and doesn't retry. Fix the cause, then use S3 Batch Replication. See docs/runbooks/README.md.",
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
    description:
      "The replica of the shared files in the second region is more than 15 minutes behind: a failover would lose the changes since. See docs/runbooks/README.md.",
  },
} as const satisfies Readonly<Record<string, CloudAlarm>>;
