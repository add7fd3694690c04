import type { CloudAlarm } from "./cloud-alarms";

const minute = 60;

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
