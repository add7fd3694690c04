import {
  BytesIEC,
  Microseconds,
  OpsPerSecond,
  Percent,
  PercentUnit,
  Seconds,
  Short,
} from "@grafana/grafana-foundation-sdk/units";
import { cacheAlarms, cacheCopyAlarms, databaseCpu, proxyAlarms, replicaAlarms } from "../data-alarms";
import { cloudMetrics } from "../cloud-metrics";
import { thresholds } from "../thresholds";
import { boundOf, selectedNamespaces, cloudQuery, query, type Plan } from "./dashboard";

const stream = "{{namespace}} {{stream_name}}";

/** Rate of a counter of the databases themselves, by exporter. */
const rateOf = (counter: string) =>
  `sum by (service) (rate(pg_stat_${counter}{${selectedNamespaces}}[$__rate_interval]))`;
/** Share of the first of two rates in both. */
const shareOf = (first: string, second: string) =>
  `${rateOf(first)} / (${rateOf(first)} + ${rateOf(second)} > 0)`;
const seconds = `rate(pg_stat_statements_seconds_total{${selectedNamespaces}}[$__rate_interval])`;
const calls = `rate(pg_stat_statements_calls_total{${selectedNamespaces}}[$__rate_interval])`;

/** Databases, caches, queues and NATS. CloudWatch alarms on the first three have the same thresholds. */
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
        title: "Replica lag",
        unit: Seconds,
        threshold: boundOf(replicaAlarms.lag),
        queries: [cloudQuery(cloudMetrics.databaseLag, "Maximum")],
      },
      {
        title: "Disk latency",
        unit: Seconds,
        queries: [
          cloudQuery(cloudMetrics.databaseReadLatency, "Average"),
          cloudQuery(cloudMetrics.databaseWriteLatency, "Average"),
        ],
      },
      {
        title: "RDS Proxy: wait for a connection",
        unit: Microseconds,
        threshold: boundOf(proxyAlarms.borrow),
        queries: [cloudQuery(cloudMetrics.proxyBorrowLatency, "Average")],
      },
    ],
    "Inside PostgreSQL": [
      {
        title: "Sessions / max_connections",
        unit: PercentUnit,
        max: 1,
        threshold: thresholds.connectionShare,
        queries: [
          query(
            `sum by (service) (pg_stat_activity_count{${selectedNamespaces}}) / max by (service) (pg_settings_max_connections{${selectedNamespaces}})`,
            "{{service}}",
          ),
        ],
      },
      {
        title: "Sessions by state",
        unit: Short,
        queries: [
          query(
            `sum by (service, state) (pg_stat_activity_count{${selectedNamespaces}}) > 0`,
            "{{service}} {{state}}",
          ),
        ],
      },
      {
        title: "Longest transaction",
        unit: Seconds,
        threshold: thresholds.transactionMinutes * 60,
        queries: [
          query(
            `max by (service, usename) (pg_stat_activity_max_tx_duration{${selectedNamespaces},usename!=""})`,
            "{{service}} {{usename}}",
          ),
        ],
      },
      {
        title: "Slowest statements (average)",
        unit: Seconds,
        threshold: thresholds.queryP95Seconds,
        queries: [
          query(
            `topk(10, sum by (service, user, queryid) (${seconds}) / (sum by (service, user, queryid) (${calls}) > 0))`,
            "{{service}} {{user}} {{queryid}}",
          ),
        ],
        description: "Look up the text of a query id in pg_stat_statements.",
      },
      {
        title: "Transactions",
        unit: OpsPerSecond,
        queries: [
          query(rateOf("database_xact_commit"), "{{service}} committed"),
          query(rateOf("database_xact_rollback"), "{{service}} rolled back"),
        ],
      },
      {
        title: "Buffer cache hit rate",
        unit: PercentUnit,
        max: 1,
        queries: [query(shareOf("database_blks_hit", "database_blks_read"), "{{service}}")],
      },
      {
        title: "Deadlocks per hour",
        unit: Short,
        queries: [
          query(
            `sum by (service) (increase(pg_stat_database_deadlocks{${selectedNamespaces}}[1h]))`,
            "{{service}}",
          ),
        ],
      },
      {
        title: "Temporary files written",
        unit: BytesIEC,
        queries: [
          query(
            `sum by (service) (increase(pg_stat_database_temp_bytes{${selectedNamespaces}}[$__rate_interval]))`,
            "{{service}}",
          ),
        ],
        description: "Sorts and hashes of queries that don't fit into work_mem.",
      },
      {
        title: "WAL not replayed by replicas",
        unit: BytesIEC,
        queries: [
          query(
            `max by (service, client_addr) (pg_stat_replication_pg_wal_lsn_diff{${selectedNamespaces}})`,
            "{{service}} {{client_addr}}",
          ),
        ],
      },
      {
        title: "Size",
        unit: BytesIEC,
        queries: [
          query(
            `max by (service, datname) (pg_database_size_bytes{${selectedNamespaces},datname!~"rdsadmin|template.*|postgres"})`,
            "{{service}} {{datname}}",
          ),
        ],
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
        title: "SQS: age of the oldest message",
        unit: Seconds,
        queries: [cloudQuery(cloudMetrics.queueAge, "Maximum")],
      },
      {
        title: "SQS: visible messages",
        unit: Short,
        queries: [cloudQuery(cloudMetrics.queueMessages, "Maximum")],
      },
      {
        title: "NATS: pending messages of consumers",
        unit: Short,
        threshold: thresholds.pendingMessages,
        queries: [
          query(
            `max by (namespace, stream_name, consumer_name) (nats_consumer_num_pending{${selectedNamespaces}})`,
            `${stream} {{consumer_name}}`,
          ),
        ],
      },
      {
        title: "NATS: size of streams",
        unit: BytesIEC,
        queries: [
          query(`max by (namespace, stream_name) (nats_stream_total_bytes{${selectedNamespaces}})`, stream),
        ],
      },
    ],
    Replicas: [
      {
        title: "Cache replica lag",
        unit: Seconds,
        threshold: boundOf(cacheCopyAlarms.lag),
        queries: [cloudQuery(cloudMetrics.cacheLag, "Maximum")],
      },
    ],
  },
};
