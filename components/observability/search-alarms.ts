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
      "The status of the OpenSearch cluster is red: a primary shard and its replicas aren't allocated, so searches miss its documents. See docs/logs.md.",
  },
  // With one node, indexes have no replicas, so the status stays green.
  yellow: {
    metric: "ClusterStatus.yellow",
    statistic: "Maximum",
    bound: { atLeast: 1 },
    over: [minute, 30],
    description:
      "The status of the OpenSearch cluster has been yellow for 30 minutes: replica shards aren't allocated, so losing a node may lose logs. See docs/logs.md.",
  },
  storage: {
    metric: "FreeStorageSpace",
    statistic: "Minimum",
    bound: { atMost: 0.25 * nodes.storage * 1024 },
    over: [minute, 5],
    description:
      "An OpenSearch node has less than 25 % of its storage left: OpenSearch accepts no logs when it is full. Raise nodes.storage, or lower deleteAfterDays. See docs/logs.md.",
  },
  blocked: {
    metric: "ClusterIndexWritesBlocked",
    statistic: "Maximum",
    bound: { atLeast: 1 },
    over: [5 * minute, 1],
    description:
      "OpenSearch blocks writes because a node is out of storage or memory: new logs can't be searched yet. The collectors queue them and retry. See docs/logs.md.",
  },
  nodes: {
    metric: "Nodes",
    statistic: "Minimum",
    bound: { atMost: nodes.count - 1 },
    over: [1440 * minute, 1],
    description:
      "An OpenSearch node has been missing for a day, and AWS hasn't replaced it: open a support case. See docs/logs.md.",
  },
  snapshot: {
    metric: "AutomatedSnapshotFailure",
    statistic: "Maximum",
    bound: { atLeast: 1 },
    over: [minute, 1],
    description:
      "The automated hourly snapshot of OpenSearch failed. This usually means that the cluster's status is red: see that alarm first.",
  },
  cpu: {
    metric: "CPUUtilization",
    statistic: "Maximum",
    bound: { atLeast: 80 },
    over: [15 * minute, 3],
    description:
      "The CPU of an OpenSearch node has been above 80 % for 45 minutes: searches are slow. Use a larger node type, or more nodes.",
  },
  memory: {
    metric: "JVMMemoryPressure",
    statistic: "Maximum",
    bound: { atLeast: 95 },
    over: [minute, 3],
    description:
      "The JVM heap of an OpenSearch node is 95 % full: the node rejects requests and may fail. Use a larger node type, or lower deleteAfterDays.",
  },
  key: {
    metric: "KMSKeyInaccessible",
    statistic: "Maximum",
    bound: { atLeast: 1 },
    over: [minute, 1],
    description:
      "OpenSearch can't access its KMS key, which was deleted or revoked: the domain can't be recovered without it. Cancel the key's deletion or restore its grants at once.",
  },
  "key-error": {
    metric: "KMSKeyError",
    statistic: "Maximum",
    bound: { atLeast: 1 },
    over: [minute, 1],
    description:
      "The KMS key of OpenSearch is disabled: logs and traces can't be read or written. Enable the key.",
  },
});
