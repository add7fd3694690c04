import { durationBuckets, quantileBy, requestsBy, statusShareBy } from "./expressions";

/** A series that Prometheus calculates and keeps under a name of its own. */
export interface Recording {
  /** Name, as Prometheus' naming convention has it: level, metric, operation. */
  readonly record: string;
  readonly expr: string;
}

const over = "5m";
const perService = "namespace, service";
const all = 'namespace!=""';
const namespaces = (expr: string) => `sum by (namespace) (${expr})`;
const services = (expr: string) => `sum by (${perService}) (${expr})`;
const mostOf = (expr: string) => `max by (${perService}) (${expr})`;
const container = 'container!=""';
const requested = (resource: string) =>
  namespaces(`kube_pod_container_resource_requests{resource="${resource}"}`);

/**
 * The metrics that are still useful after months: usage, quality of service and resources. They are a few hundred
 * series, each recorded once a minute from many, so keeping them for years is cheap.
 */
export const recordings: readonly Recording[] = [
  { record: "service:http_requests:rate5m", expr: requestsBy(all, perService, over) },
  { record: "service:http_errors:share5m", expr: statusShareBy(all, perService, "5..", over) },
  {
    record: "service:http_request_duration_seconds:p95_5m",
    expr: quantileBy(0.95, durationBuckets, all, perService, over),
  },
  // Each pod reports the total, which it reads from the database.
  { record: "service:active_users:max", expr: mostOf("active_users") },
  { record: "service:assets_tracked:max", expr: mostOf("assets_tracked") },
  {
    record: "service:database_sessions:share",
    expr: `${services("pg_stat_activity_count")} / ${mostOf("pg_settings_max_connections")}`,
  },
  {
    record: "service:database_transactions:rate5m",
    expr: services(`rate(pg_stat_database_xact_commit[${over}])`),
  },
  { record: "service:database_size_bytes:sum", expr: services("pg_database_size_bytes") },
  {
    record: "namespace:cpu_usage_cores:rate5m",
    expr: namespaces(`rate(container_cpu_usage_seconds_total{${container}}[${over}])`),
  },
  {
    record: "namespace:memory_working_set_bytes:sum",
    expr: namespaces(`container_memory_working_set_bytes{${container}}`),
  },
  { record: "namespace:cpu_requests_cores:sum", expr: requested("cpu") },
  { record: "namespace:memory_requests_bytes:sum", expr: requested("memory") },
  { record: "namespace:pods_running:sum", expr: namespaces('kube_pod_status_phase{phase="Running"}') },
  {
    record: "namespace:nats_consumer_num_pending:max",
    expr: "max by (namespace, stream_name, consumer_name) (nats_consumer_num_pending)",
  },
  { record: "cluster:node_cpus:sum", expr: 'sum(kube_node_status_capacity{resource="cpu"})' },
];

/** Names of recorded series: scraped metrics have no colon. Source: Prometheus, recording rules, naming. */
export const recordedNames = ".+:.+";

/** Spec of the `PrometheusRule` that records them. */
export const recordingSpec = {
  groups: [{ name: "recordings", interval: "1m", rules: recordings }],
} as const;
