import { BytesIEC, Microseconds, Percent, Seconds, Short } from "@grafana/grafana-foundation-sdk/units";
import { cacheAlarms, cacheCopyAlarms, databaseCpu, proxyAlarms, replicaAlarms } from "../cloud-alarms";
import { cloudMetrics } from "../cloud-metrics";
import { thresholds } from "../thresholds";
import { boundOf, chosen, cloudQuery, query, type Plan } from "./dashboard";

const stream = "{{namespace}} {{stream_name}}";

/** Databases, caches, queues and NATS. CloudWatch's alarms watch the first three at the same bounds. */
export const data: Plan = {
  uid: "data",
  title: "Data",
  description: "Databases, caches, queues and NATS.",
  rows: {
    Databases: [
      {
        title: "CPU",
        unit: Percent,
        max: 100,
        threshold: boundOf(databaseCpu),
        queries: [cloudQuery(cloudMetrics.databaseCpu, "Average")],
      },
      {
        title: "Connections",
        unit: Short,
        queries: [cloudQuery(cloudMetrics.databaseConnections, "Maximum")],
      },
      {
        title: "Free storage",
        unit: BytesIEC,
        queries: [cloudQuery(cloudMetrics.databaseFreeStorage, "Minimum")],
      },
      {
        title: "Lag of replicas",
        unit: Seconds,
        threshold: boundOf(replicaAlarms.lag),
        queries: [cloudQuery(cloudMetrics.databaseLag, "Maximum")],
      },
      {
        title: "Latency of the disk",
        unit: Seconds,
        queries: [
          cloudQuery(cloudMetrics.databaseReadLatency, "Average"),
          cloudQuery(cloudMetrics.databaseWriteLatency, "Average"),
        ],
      },
      {
        title: "Wait for a connection of the proxy",
        unit: Microseconds,
        threshold: boundOf(proxyAlarms.borrow),
        queries: [cloudQuery(cloudMetrics.proxyBorrowLatency, "Average")],
      },
    ],
    Caches: [
      {
        title: "Memory",
        unit: Percent,
        max: 100,
        threshold: boundOf(cacheAlarms.memory),
        queries: [cloudQuery(cloudMetrics.cacheMemory, "Maximum")],
      },
      { title: "Hits", unit: Percent, max: 100, queries: [cloudQuery(cloudMetrics.cacheHits, "Average")] },
      { title: "Evictions", unit: Short, queries: [cloudQuery(cloudMetrics.cacheEvictions, "Sum")] },
    ],
    "Queues and NATS": [
      {
        title: "Oldest message of a queue",
        unit: Seconds,
        queries: [cloudQuery(cloudMetrics.queueAge, "Maximum")],
      },
      {
        title: "Messages in a queue",
        unit: Short,
        queries: [cloudQuery(cloudMetrics.queueMessages, "Maximum")],
      },
      {
        title: "Messages that wait for a consumer of NATS",
        unit: Short,
        threshold: thresholds.pendingMessages,
        queries: [
          query(
            `max by (namespace, stream_name, consumer_name) (nats_consumer_num_pending{${chosen}})`,
            `${stream} {{consumer_name}}`,
          ),
        ],
      },
      {
        title: "Size of a stream",
        unit: BytesIEC,
        queries: [query(`max by (namespace, stream_name) (nats_stream_total_bytes{${chosen}})`, stream)],
      },
    ],
    Copies: [
      {
        title: "Lag of a cache's copies",
        unit: Seconds,
        threshold: boundOf(cacheCopyAlarms.lag),
        queries: [cloudQuery(cloudMetrics.cacheLag, "Maximum")],
      },
    ],
  },
};
