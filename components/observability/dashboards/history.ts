import {
  BytesIEC,
  OpsPerSecond,
  PercentUnit,
  RequestsPerSecond,
  Seconds,
  Short,
} from "@grafana/grafana-foundation-sdk/units";
import { thresholds } from "../thresholds";
import { selectedNamespaces, historyQuery, type Plan } from "./dashboard";

const of = (record: string, legend = "{{service}}") =>
  historyQuery(`${record}{${selectedNamespaces}}`, legend);
const perNamespace = (record: string, what: string) => of(record, `{{namespace}} ${what}`);

/** The series of `recordings.ts`, over the months that the workspace of Amazon Managed Service for Prometheus keeps. */
export const history: Plan = {
  uid: "history",
  title: "History",
  description:
    "Requests, databases and resource usage over months, from series that Prometheus records once a minute.",
  from: "now-90d",
  rows: {
    Requests: [
      { title: "Requests", unit: RequestsPerSecond, queries: [of("service:http_requests:rate5m")] },
      {
        title: "Server errors (5xx)",
        unit: PercentUnit,
        threshold: thresholds.errorRate,
        queries: [of("service:http_errors:share5m")],
      },
      {
        title: "P95",
        unit: Seconds,
        threshold: thresholds.p95Seconds,
        queries: [of("service:http_request_duration_seconds:p95_5m")],
      },
      { title: "Active users", unit: Short, queries: [of("service:active_users:max")] },
      { title: "Assets tracked", unit: Short, queries: [of("service:assets_tracked:max")] },
    ],
    Databases: [
      {
        title: "Sessions / max_connections",
        unit: PercentUnit,
        max: 1,
        threshold: thresholds.connectionShare,
        queries: [of("service:database_sessions:share")],
      },
      {
        title: "Transactions",
        unit: OpsPerSecond,
        queries: [of("service:database_transactions:rate5m")],
      },
      { title: "Size", unit: BytesIEC, queries: [of("service:database_size_bytes:sum")] },
    ],
    "Resource usage and requests": [
      {
        title: "CPUs",
        unit: Short,
        queries: [
          perNamespace("namespace:cpu_usage_cores:rate5m", "used"),
          perNamespace("namespace:cpu_requests_cores:sum", "requested"),
        ],
      },
      {
        title: "Memory",
        unit: BytesIEC,
        queries: [
          perNamespace("namespace:memory_working_set_bytes:sum", "used"),
          perNamespace("namespace:memory_requests_bytes:sum", "requested"),
        ],
      },
      { title: "Pods", unit: Short, queries: [of("namespace:pods_running:sum", "{{namespace}}")] },
      {
        title: "NATS: pending messages of consumers",
        unit: Short,
        threshold: thresholds.pendingMessages,
        queries: [of("namespace:nats_consumer_num_pending:max", "{{stream_name}} {{consumer_name}}")],
      },
      {
        title: "Node CPUs",
        unit: Short,
        queries: [historyQuery("cluster:node_cpus:sum", "CPUs")],
      },
    ],
  },
};
