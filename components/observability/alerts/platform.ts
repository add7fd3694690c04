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
  /** Prometheus writes recorded series to the workspace for long-term metrics. */
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
      summary: "Always fires. CloudWatch raises an alarm when it stops arriving",
      description: "Shows that alerts are delivered. No action is needed.",
    },
    {
      name: "TargetDown",
      expr: "count by (namespace, job) (up == 0) > 0",
      for: "10m",
      severity: "warning",
      summary: "{{ $value }} targets of {{ $labels.namespace }}/{{ $labels.job }} can't be scraped",
      description:
        "Their metrics are missing, so alerts on them can't fire. Check whether the pods run, then their port and the network policies.",
    },
    {
      name: "NodeNotReady",
      expr: 'max by (node) (kube_node_status_condition{condition="Ready",status="true"}) == 0',
      for: "10m",
      severity: "critical",
      summary: "Node {{ $labels.node }} hasn't been ready for 10 minutes",
      description:
        "Its pods are rescheduled. EKS Auto Mode repairs or replaces such a node; this one is stuck. Check its conditions, and delete the node if it doesn't recover.",
    },
    {
      name: "NodePressure",
      expr: 'max by (node, condition) (kube_node_status_condition{condition=~"MemoryPressure|DiskPressure|PIDPressure",status="true"}) == 1',
      for: "5m",
      severity: "warning",
      summary: "Node {{ $labels.node }} reports {{ $labels.condition }}",
      description: "The kubelet evicts pods from the node. Find the pods that use more than they request.",
    },
    {
      name: "NodePoolNearLimit",
      expr: `sum(kube_node_status_capacity{resource="cpu"}) / ${nodeCpus} > ${resourceShare}`,
      for: "15m",
      severity: "warning",
      summary: `The nodes have {{ $value | humanizePercentage }} of the node pool's limit of ${nodeCpus} CPUs`,
      description:
        "At the limit no node is added, and new pods stay pending. Raise cluster.nodePool.limits in the stack file, or find what has grown.",
    },
    {
      name: "CertificateExpiresSoon",
      expr: `min by (namespace, name) (certmanager_certificate_expiration_timestamp_seconds) - time() < ${certificateDays} * 86400`,
      for: "1h",
      severity: "critical",
      summary:
        "Certificate {{ $labels.namespace }}/{{ $labels.name }} expires in {{ $value | humanizeDuration }}",
      description:
        "cert-manager should have renewed it. When it expires, connections to NATS fail. Check the Certificate and its CertificateRequests.",
    },
    {
      name: "ExternalSecretFailing",
      expr: 'max by (namespace, name) (externalsecret_status_condition{condition="Ready",status="False"}) == 1',
      for: "15m",
      severity: "critical",
      summary: "ExternalSecret {{ $labels.namespace }}/{{ $labels.name }} can't be synced",
      description:
        "Running pods keep the values that they have; new pods may not start. The ExternalSecret's status names the reason: its entry in Secrets Manager is missing, or its role can't read it.",
    },
    {
      name: "RuleEvaluationFailing",
      expr: "sum(increase(prometheus_rule_evaluation_failures_total[15m])) > 0",
      severity: "critical",
      summary: "Prometheus can't evaluate some of its rules",
      description:
        "An alert may be missing. Prometheus' log names the rule. Usually Prometheus lacks memory, or a rule selects too many series.",
    },
    {
      name: "AlertsNotSent",
      expr: "sum(increase(prometheus_notifications_errors_total[15m])) > 0 or sum(increase(alertmanager_notifications_failed_total[15m])) > 0",
      for: "5m",
      severity: "critical",
      summary: "Prometheus can't send alerts to Alertmanager, or Alertmanager can't send notifications",
      description:
        "You may miss alerts. Read Alertmanager's log: AccessDenied points to its role or the policy of the KMS key, a timeout to egress over NAT.",
    },
  ];
  const scaling: Omit<Alert, "team"> = {
    name: "ScalerFailing",
    expr: "sum by (namespace, scaledObject) (increase(keda_scaler_detail_errors_total[10m])) > 0",
    for: "15m",
    severity: "warning",
    summary: "KEDA can't read the metric that {{ $labels.namespace }}/{{ $labels.scaledObject }} scales on",
    description:
      "The workload runs with its fallback number of pods. Check the events of the ScaledObject, and whether Prometheus, NATS or SQS responds.",
  };
  // The names are those of the Prometheus mixin. They page no one: Prometheus itself keeps the metrics of the last days.
  const written: Omit<Alert, "team">[] = [
    {
      name: "PrometheusRemoteStorageFailures",
      expr: "sum by (pod) (rate(prometheus_remote_storage_samples_failed_total[15m])) > 0",
      for: "15m",
      severity: "warning",
      summary: "{{ $labels.pod }} fails to send samples to the workspace for long-term metrics",
      description:
        "The dashboard History gets a gap; Prometheus itself keeps recent metrics. Read Prometheus' log: 403 points to its role, 400 to a sample that the workspace rejects.",
    },
    {
      name: "PrometheusRemoteWriteBehind",
      expr: "max by (pod) (prometheus_remote_storage_queue_highest_timestamp_seconds) - max by (pod) (prometheus_remote_storage_queue_highest_sent_timestamp_seconds) > 600",
      for: "15m",
      severity: "warning",
      summary: "{{ $labels.pod }}: remote write is {{ $value | humanizeDuration }} behind",
      description:
        "Prometheus retries from its write-ahead log for about two hours; after that the dashboard History gets a gap. Read Prometheus' log: a timeout points to egress over NAT.",
    },
  ];
  return [...alerts, ...(keda ? [scaling] : []), ...(history ? written : [])].map((alert) => ({
    ...alert,
    team,
  }));
}
