import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { scrapedMetrics } from "../../components/observability/metric-names";

/** Sources of metrics: the keys of `scrapedMetrics`. */
export type Source = keyof typeof scrapedMetrics;

/** Labels of each metric in its source's output, if queries use them. Sources: `metric-names.ts`. */
const labels: Readonly<Record<string, readonly string[]>> = {
  analysis_run_info: ['name="a",phase="Running"'],
  certmanager_certificate_expiration_timestamp_seconds: ['name="a"'],
  container_cpu_usage_seconds_total: ['pod="a",container="c"', 'id="/"'],
  container_fs_reads_bytes_total: ['pod="a",container="c",device="d"'],
  container_fs_usage_bytes: ['id="/",device="d"'],
  container_fs_writes_bytes_total: ['pod="a",container="c",device="d"'],
  container_memory_working_set_bytes: ['pod="a",container="c"', 'id="/"'],
  container_network_receive_bytes_total: ['pod="a",interface="eth0"', 'id="/",interface="eth0"'],
  container_network_transmit_bytes_total: ['pod="a",interface="eth0"', 'id="/",interface="eth0"'],
  database_query_duration_seconds_bucket: ['le="0.5"', 'le="1"', 'le="+Inf"'],
  externalsecret_status_condition: ['name="a",condition="Ready",status="False"'],
  http_request_duration_seconds_bucket: ['le="0.5"', 'le="1"', 'le="+Inf"'],
  http_requests_total: ['status_code="200"', 'status_code="404"', 'status_code="503"'],
  keda_scaler_detail_errors_total: ['scaledObject="a",scaler="s"'],
  keda_scaler_metrics_value: ['scaledObject="a",scaler="s"'],
  kube_horizontalpodautoscaler_spec_max_replicas: ['horizontalpodautoscaler="a"'],
  kube_horizontalpodautoscaler_status_current_replicas: ['horizontalpodautoscaler="a"'],
  kube_job_status_completion_time: ['job_name="a"'],
  kube_job_status_failed: ['job_name="a",reason="BackoffLimitExceeded"'],
  kube_node_status_capacity: ['node="n",resource="cpu"', 'node="n",resource="memory"'],
  kube_node_status_condition: [
    'node="n",condition="Ready",status="true"',
    'node="n",condition="DiskPressure",status="true"',
  ],
  kube_pod_container_info: ['pod="a",container="c",image="i:1"'],
  kube_pod_container_resource_limits: [
    'pod="a",container="c",resource="cpu"',
    'pod="a",container="c",resource="memory"',
  ],
  kube_pod_container_resource_requests: [
    'pod="a",container="c",resource="cpu"',
    'pod="a",container="c",resource="memory"',
  ],
  kube_pod_status_phase: ['pod="a",phase="Running"'],
  kube_resourcequota: ['resource="pods",type="used"', 'resource="pods",type="hard"'],
  kubelet_volume_stats_available_bytes: ['persistentvolumeclaim="a"'],
  kubelet_volume_stats_capacity_bytes: ['persistentvolumeclaim="a"'],
  nats_consumer_num_pending: ['stream_name="s",consumer_name="c"'],
  nats_stream_total_bytes: ['stream_name="s"'],
  pg_database_size_bytes: ['datname="ams"'],
  pg_settings_max_connections: ['server="s:5432"'],
  pg_stat_activity_count: ['datname="ams",state="active",usename="ams_a"'],
  pg_stat_activity_max_tx_duration: ['datname="ams",state="active",usename="ams_a"'],
  pg_stat_database_blks_hit: ['datid="1",datname="ams"'],
  pg_stat_database_blks_read: ['datid="1",datname="ams"'],
  pg_stat_database_deadlocks: ['datid="1",datname="ams"'],
  pg_stat_database_temp_bytes: ['datid="1",datname="ams"'],
  pg_stat_database_xact_commit: ['datid="1",datname="ams"'],
  pg_stat_database_xact_rollback: ['datid="1",datname="ams"'],
  pg_stat_replication_pg_wal_lsn_diff: ['application_name="rdsrepladmin",client_addr="10.0.0.1"'],
  pg_stat_statements_calls_total: ['user="ams",datname="ams",queryid="1"'],
  pg_stat_statements_seconds_total: ['user="ams",datname="ams",queryid="1"'],
  rollout_info: ['name="a",phase="Healthy"'],
};

/** Value of the namespace label that some sources set themselves; it replaces the one that Prometheus adds. */
const about = "ams";
const says: readonly Source[] = [
  ...(["kubeStateMetrics", "kubelet", "containers"] as const),
  ...(["argoRollouts", "certManager", "externalSecrets", "keda"] as const),
];

/** A metric that no query uses, to show that such metrics are dropped. */
export const unused = "plinth_unused_metric";

const isCounter = (name: string) => /_(total|bucket)$|^pg_stat_database_/.test(name);

/** Metrics of one source in Prometheus' text format. Counters rise by one per second, other values are 1. */
function metrics(source: Source, seconds: number): string {
  const namespace = says.includes(source) ? `namespace="${about}"` : "";
  const lines = [...scrapedMetrics[source], unused].flatMap((name) =>
    (labels[name] ?? ['name="a"']).map((each) => {
      const all = [each.startsWith("id=") || each.startsWith("node=") ? "" : namespace, each];
      return `${name}{${all.filter((text) => text !== "").join(",")}} ${isCounter(name) ? seconds : 1}`;
    }),
  );
  return `${lines.join("\n")}\n`;
}

/** A server for the metrics of all sources, selected by the parameter `source`. */
export async function exporter(paths: readonly string[]): Promise<{ address: string; server: Server }> {
  const start = Date.now();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    const source = searchParams.get("source") as Source | null;
    if (source === null || !(source in scrapedMetrics) || !paths.includes(pathname))
      return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4" });
    response.end(metrics(source, (Date.now() - start) / 1000));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
