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
