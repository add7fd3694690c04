import { thresholds } from "../thresholds";
import type { Alert } from "./alert";

/** Name of the alert that always fires: its absence shows that alerts aren't delivered. */
export const watchdog = "Watchdog";

const team = "platform";

/** Which parts of the platform serve metrics in this environment. */
export interface PlatformParts {
  readonly keda: boolean;
  /** CPU limit of the node pool. */
  readonly nodeCpus: number;
  /** Prometheus sends recorded series to where they are kept for long. */
  readonly history: boolean;
}

/** Alerts on nodes, operators and the monitoring itself. */
export function platformAlerts({ keda, nodeCpus, history }: PlatformParts): Alert[] {
  const { certificateDays, resourceShare } = thresholds;
  const alerts: Omit<Alert, "team">[] = [
    {
      name: watchdog,
      expr: "vector(1)",
      severity: "info",
      summary: "Always fires: CloudWatch raises an alarm when it stops arriving",
    },
    {
      name: "TargetDown",
      expr: "count by (namespace, job) (up == 0) > 0",
      for: "10m",
      severity: "warning",
      summary: "{{ $value }} targets of {{ $labels.job }} can't be scraped",
    },
    {
      name: "NodeNotReady",
      expr: 'max by (node) (kube_node_status_condition{condition="Ready",status="true"}) == 0',
      for: "10m",
      severity: "critical",
      summary: "Node {{ $labels.node }} is not ready",
    },
    {
      name: "NodePressure",
      expr: 'max by (node, condition) (kube_node_status_condition{condition=~"MemoryPressure|DiskPressure|PIDPressure",status="true"}) == 1',
      for: "5m",
      severity: "warning",
      summary: "Node {{ $labels.node }} reports {{ $labels.condition }}",
    },
    {
      name: "NodePoolNearLimit",
      expr: `sum(kube_node_status_capacity{resource="cpu"}) / ${nodeCpus} > ${resourceShare}`,
      for: "15m",
      severity: "warning",
      summary: `The nodes have {{ $value | humanizePercentage }} of the ${nodeCpus} CPUs that the node pool may have`,
    },
    {
      name: "CertificateExpiresSoon",
      expr: `min by (namespace, name) (certmanager_certificate_expiration_timestamp_seconds) - time() < ${certificateDays} * 86400`,
      for: "1h",
      severity: "critical",
      summary:
        "Certificate {{ $labels.namespace }}/{{ $labels.name }} expires in {{ $value | humanizeDuration }}",
    },
    {
      name: "ExternalSecretFailing",
      expr: 'max by (namespace, name) (externalsecret_status_condition{condition="Ready",status="False"}) == 1',
      for: "15m",
      severity: "critical",
      summary: "ExternalSecret {{ $labels.namespace }}/{{ $labels.name }} can't be synchronised",
    },
    {
      name: "RuleEvaluationFailing",
      expr: "sum(increase(prometheus_rule_evaluation_failures_total[15m])) > 0",
      severity: "critical",
      summary: "Prometheus can't evaluate some of its rules",
    },
    {
      name: "AlertsNotSent",
      expr: "sum(increase(prometheus_notifications_errors_total[15m])) > 0 or sum(increase(alertmanager_notifications_failed_total[15m])) > 0",
      for: "5m",
      severity: "critical",
      summary: "Alerts don't reach Alertmanager, or the topic behind it",
    },
  ];
  const scaling: Omit<Alert, "team"> = {
    name: "ScalerFailing",
    expr: "sum by (namespace, scaledObject) (increase(keda_scaler_detail_errors_total[10m])) > 0",
    for: "15m",
    severity: "warning",
    summary: "KEDA can't measure what {{ $labels.namespace }}/{{ $labels.scaledObject }} scales by",
  };
  // Names are those of Prometheus' own mixin. They page no one: Prometheus keeps the metrics of the last days itself.
  const written: Omit<Alert, "team">[] = [
    {
      name: "PrometheusRemoteStorageFailures",
      expr: "sum by (pod) (rate(prometheus_remote_storage_samples_failed_total[15m])) > 0",
      for: "15m",
      severity: "warning",
      summary: "{{ $labels.pod }} can't write to the workspace where metrics are kept for long",
    },
    {
      name: "PrometheusRemoteWriteBehind",
      expr: "max by (pod) (prometheus_remote_storage_queue_highest_timestamp_seconds) - max by (pod) (prometheus_remote_storage_queue_highest_sent_timestamp_seconds) > 600",
      for: "15m",
      severity: "warning",
      summary:
        "{{ $labels.pod }} is {{ $value | humanizeDuration }} behind in writing metrics to the workspace",
    },
  ];
  return [...alerts, ...(keda ? [scaling] : []), ...(history ? written : [])].map((alert) => ({
    ...alert,
    team,
  }));
}
