import type { Rule } from "../../components/observability/alerts/alert";

/** Input series by their selector, in promtool's notation of values: `0+10x30` rises by 10 a minute. */
export type Series = Readonly<Record<string, string>>;

/** Series for which an alert fires, and series just below the threshold. */
export interface Case {
  readonly fires: Series;
  readonly silent: Series;
}

/** Length of the series in minutes: longer than the longest `for`. The tests evaluate at the end. */
export const minutes = 120;

const always = (value: number) => `${value}x${minutes}`;
const rising = (perMinute: number) => `0+${perMinute}x${minutes}`;

/** Namespace of a rule: its label, or the first in its expression. */
const namespaceOf = ({ labels, expr }: Rule): string =>
  labels.namespace ?? /namespace=~?"([^"|]+)/.exec(expr)?.[1] ?? "monitoring";

/** Requests with a share of failing ones. */
function requests({ labels: { namespace = "", service = "" } }: Rule, failing: number): Series {
  const of = (status: number) =>
    `http_requests_total{namespace="${namespace}",service="${service}",pod="a",status_code="${status}"}`;
  return { [of(200)]: rising((1 - failing) * 1e6), [of(503)]: rising(failing * 1e6) };
}

/** Histogram of a hundred events a minute, some of them within the bound. */
function histogram(name: string, bound: number, within: number) {
  return ({ labels: { namespace = "", service = "" } }: Rule): Series => {
    const bucket = (le: string) =>
      `${name}_bucket{namespace="${namespace}",service="${service}",pod="a",le="${le}"}`;
    return {
      [bucket(String(bound))]: rising(within),
      [bucket(String(2 * bound))]: rising(100),
      [bucket("+Inf")]: rising(100),
    };
  };
}

type Cases = Readonly<Record<string, (rule: Rule) => Case>>;

/** One series: a value that fires, and one that doesn't. */
const one =
  (metric: string, labels: string, fires: string, silent: string) =>
  (rule: Rule): Case => {
    const series = `${metric}{namespace="${namespaceOf(rule)}"${labels === "" ? "" : `,${labels}`}}`;
    return { fires: { [series]: fires }, silent: { [series]: silent } };
  };

/** The same, together with other series that are equal in both. */
const beside =
  (make: (rule: Rule) => Case, more: (namespace: string) => Series) =>
  (rule: Rule): Case => {
    const { fires, silent } = make(rule);
    const rest = more(namespaceOf(rule));
    return { fires: { ...fires, ...rest }, silent: { ...silent, ...rest } };
  };

const bound = ({ expr }: Rule): number => Number(/> ([\d.]+) and/.exec(expr)?.[1]);
const [yes, no] = [always(1), always(0)];
const container = 'pod="a",container="c"';
const limits = (resource: string, value: number) => (namespace: string) => ({
  [`kube_pod_container_resource_limits{namespace="${namespace}",${container},resource="${resource}"}`]:
    always(value),
});

/** A figure of a database, of one of two users with as many sessions, with room for 200. */
const sessions =
  (metric: string, more: string, fires: string, silent: string) =>
  ({ labels: { namespace = "", service = "" } }: Rule): Case => {
    const from = `namespace="${namespace}",service="${service}"`;
    const series = (state: string) => `${metric}{${from},state="${state}"${more}}`;
    const rest = { [`pg_settings_max_connections{${from}}`]: always(200) };
    const both = (value: string) => ({ [series("idle")]: value, [series("active")]: value, ...rest });
    return { fires: both(fires), silent: both(silent) };
  };

/** A counter of one statement of the database's owner. */
const statements = (
  { labels: { namespace = "", service = "" }, expr }: Rule,
  what: string,
  perMinute: number,
) => ({
  [`pg_stat_statements_${what}_total{namespace="${namespace}",service="${service}",user="${/user="(\w+)"/.exec(expr)?.[1] ?? ""}",queryid="1"}`]:
    rising(perMinute),
});

/** The case of every alert, by its name. */
export const cases: Cases = {
  HighErrorRate: (rule) => ({ fires: requests(rule, 0.06), silent: requests(rule, 0.04) }),
  HighResponseTime: (rule) => ({
    fires: histogram("http_request_duration_seconds", 1, 94)(rule),
    silent: histogram("http_request_duration_seconds", 1, 96)(rule),
  }),
  DatabaseSlowQueries: (rule) => ({
    fires: histogram("database_query_duration_seconds", 0.5, 94)(rule),
    silent: histogram("database_query_duration_seconds", 0.5, 96)(rule),
  }),
  ErrorBudgetBurn: (rule) => ({
    fires: requests(rule, 1.1 * bound(rule)),
    silent: requests(rule, 0.9 * bound(rule)),
  }),
  MetricsMissing: (rule) => one("up", `service="${rule.labels.service ?? ""}"`, no, yes)(rule),
  PodRestarts: one("kube_pod_container_status_restarts_total", container, rising(1), "0x60 1x30 2x30"),
  PodNotStarting: (rule) => ({
    fires: one(
      "kube_pod_container_status_waiting_reason",
      `${container},reason="CrashLoopBackOff"`,
      yes,
      no,
    )(rule).fires,
    silent: one(
      "kube_pod_container_status_waiting_reason",
      `${container},reason="ContainerCreating"`,
      no,
      yes,
    )(rule).silent,
  }),
  PodPending: one("kube_pod_status_phase", 'pod="a",phase="Pending"', yes, no),
  ContainerMemoryHigh: beside(
    one("container_memory_working_set_bytes", container, always(91), always(89)),
    limits("memory", 100),
  ),
  ContainerCpuHigh: beside(
    one("container_cpu_usage_seconds_total", container, rising(0.91 * 60), rising(0.89 * 60)),
    limits("cpu", 1),
  ),
  DeploymentUnavailable: beside(
    one("kube_deployment_status_replicas_available", 'deployment="a"', no, yes),
    (namespace) => ({
      [`kube_deployment_spec_replicas{namespace="${namespace}",deployment="a"}`]: always(2),
    }),
  ),
  DeploymentStuck: one(
    "kube_deployment_status_condition",
    'deployment="a",condition="Progressing",status="false"',
    yes,
    no,
  ),
  JobFailed: one("kube_job_status_failed", 'job_name="a"', yes, no),
  AutoscalerAtMaximum: beside(
    one(
      "kube_horizontalpodautoscaler_status_current_replicas",
      'horizontalpodautoscaler="a"',
      always(10),
      always(9),
    ),
    (namespace) => ({
      [`kube_horizontalpodautoscaler_spec_max_replicas{namespace="${namespace}",horizontalpodautoscaler="a"}`]:
        always(10),
    }),
  ),
  QuotaNearlyUsed: beside(
    one("kube_resourcequota", 'resource="pods",type="used"', always(91), always(89)),
    (namespace) => ({
      [`kube_resourcequota{namespace="${namespace}",resource="pods",type="hard"}`]: always(100),
    }),
  ),
  VolumeFillingUp: beside(
    one("kubelet_volume_stats_available_bytes", 'persistentvolumeclaim="a"', always(14), always(16)),
    (namespace) => ({
      [`kubelet_volume_stats_capacity_bytes{namespace="${namespace}",persistentvolumeclaim="a"}`]:
        always(100),
    }),
  ),
  RolloutUnavailable: beside(one("rollout_info_replicas_available", 'name="a"', no, yes), (namespace) => ({
    [`rollout_info_replicas_desired{namespace="${namespace}",name="a"}`]: always(2),
  })),
  RolloutAborted: one("rollout_info", 'name="a",phase="Degraded"', yes, no),
  RolloutPaused: one("rollout_info", 'name="a",phase="Paused"', yes, `1x50 0x${minutes - 50}`),
  ConsumerLag: one(
    "nats_consumer_num_pending",
    'stream_name="LOGS",consumer_name="agents"',
    always(1001),
    always(1000),
  ),
  DatabaseConnectionPoolExhausted: sessions("pg_stat_activity_count", "", always(91), always(89)),
  DatabaseUnreachable: sessions("pg_up", "", no, yes),
  DatabaseStatementSlow: (rule) => ({
    // Sixty calls a minute, of six tenths and of four tenths of a second.
    fires: { ...statements(rule, "calls", 60), ...statements(rule, "seconds", 36) },
    silent: { ...statements(rule, "calls", 60), ...statements(rule, "seconds", 24) },
  }),
  DatabaseTransactionOpen: (rule) => {
    const user = /usename=~"(\w+)_\[ab\]"/.exec(rule.expr)?.[1] ?? "";
    return sessions(
      "pg_stat_activity_max_tx_duration",
      `,usename="${user}_b"`,
      always(1860),
      always(1740),
    )(rule);
  },
  TargetDown: one("up", 'job="a"', no, yes),
  NodeNotReady: one("kube_node_status_condition", 'node="a",condition="Ready",status="true"', no, yes),
  NodePressure: one("kube_node_status_condition", 'node="a",condition="DiskPressure",status="true"', yes, no),
  NodePoolNearLimit: (rule) => {
    const limit = Number(/\/ (\d+) >/.exec(rule.expr)?.[1]);
    const node = 'node="a",resource="cpu"';
    return one("kube_node_status_capacity", node, always(0.91 * limit), always(0.89 * limit))(rule);
  },
  CertificateExpiresSoon: one(
    "certmanager_certificate_expiration_timestamp_seconds",
    'name="a"',
    always(7 * 86_400),
    always(8 * 86_400),
  ),
  ExternalSecretFailing: one(
    "externalsecret_status_condition",
    'name="a",condition="Ready",status="False"',
    yes,
    no,
  ),
  RuleEvaluationFailing: one("prometheus_rule_evaluation_failures_total", 'pod="a"', rising(1), no),
  PrometheusRemoteStorageFailures: one(
    "prometheus_remote_storage_samples_failed_total",
    'pod="a"',
    rising(1),
    no,
  ),
  PrometheusRemoteWriteBehind: beside(
    one(
      "prometheus_remote_storage_queue_highest_sent_timestamp_seconds",
      'pod="a"',
      always(1_000_000 - 660),
      always(1_000_000 - 540),
    ),
    (namespace) => ({
      [`prometheus_remote_storage_queue_highest_timestamp_seconds{namespace="${namespace}",pod="a"}`]:
        always(1_000_000),
    }),
  ),
  AlertsNotSent: one("alertmanager_notifications_failed_total", 'integration="sns"', rising(1), no),
  LogsDropped: (rule) => ({
    fires: {
      'otelcol_exporter_send_failed_log_records{pod="a"}': rising(1),
      'otelcol_exporter_enqueue_failed_log_records{pod="a"}': no,
    },
    silent: one("otelcol_exporter_send_failed_log_records", 'pod="a"', no, no)(rule).silent,
  }),
  LogsDelayed: one("otelcol_exporter_queue_size", 'pod="a",data_type="logs"', always(5e8), always(4e8)),
  SpansDropped: (rule) => ({
    fires: {
      'otelcol_exporter_send_failed_spans{pod="a"}': rising(1),
      'otelcol_exporter_enqueue_failed_spans{pod="a"}': no,
    },
    silent: one("otelcol_exporter_send_failed_spans", 'pod="a"', no, no)(rule).silent,
  }),
  ScalerFailing: one("keda_scaler_detail_errors_total", 'scaledObject="a"', rising(1), no),
};
