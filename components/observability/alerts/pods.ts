import { thresholds } from "../thresholds";
import type { Alert } from "./alert";

/** Namespaces and their team. */
export interface PodsIn {
  readonly namespaces: readonly string[];
  readonly team: string;
}

/** Alerts on the pods, jobs, autoscalers and volumes of some namespaces. They keep the labels `namespace` and `pod`. */
export function podAlerts({ namespaces, team }: PodsIn): Alert[] {
  const within = `namespace=~"${namespaces.join("|")}"`;
  const limit = (resource: "cpu" | "memory") =>
    `max by (namespace, pod, container) (kube_pod_container_resource_limits{${within},resource="${resource}"})`;
  const used = (usage: string) => `sum by (namespace, pod, container) (${usage})`;
  const { resourceShare, volumeShare, restartsPerHour } = thresholds;
  const alerts: Omit<Alert, "team">[] = [
    {
      name: "PodRestarts",
      expr: `increase(kube_pod_container_status_restarts_total{${within}}[1h]) > ${restartsPerHour}`,
      severity: "warning",
      summary: "{{ $labels.namespace }}/{{ $labels.pod }} restarted {{ $value | humanize }} times in an hour",
    },
    {
      name: "PodNotStarting",
      expr: `max by (namespace, pod, reason) (kube_pod_container_status_waiting_reason{${within},reason!="ContainerCreating"}) > 0`,
      for: "10m",
      severity: "critical",
      summary: "{{ $labels.namespace }}/{{ $labels.pod }} waits: {{ $labels.reason }}",
    },
    {
      name: "PodPending",
      expr: `max by (namespace, pod) (kube_pod_status_phase{${within},phase="Pending"}) > 0`,
      for: "15m",
      severity: "warning",
      summary:
        "{{ $labels.namespace }}/{{ $labels.pod }} is pending: no node takes it, or its volume is missing",
    },
    {
      name: "ContainerMemoryHigh",
      expr: `${used(`container_memory_working_set_bytes{${within},container!=""}`)} / ${limit("memory")} > ${resourceShare}`,
      for: "10m",
      severity: "warning",
      summary:
        "{{ $labels.namespace }}/{{ $labels.pod }} uses {{ $value | humanizePercentage }} of its memory limit",
    },
    {
      name: "ContainerCpuHigh",
      expr: `${used(`rate(container_cpu_usage_seconds_total{${within},container!=""}[5m])`)} / ${limit("cpu")} > ${resourceShare}`,
      for: "15m",
      severity: "warning",
      summary:
        "{{ $labels.namespace }}/{{ $labels.pod }} uses {{ $value | humanizePercentage }} of its CPU limit",
    },
    {
      name: "DeploymentUnavailable",
      expr: `kube_deployment_status_replicas_available{${within}} == 0 and kube_deployment_spec_replicas{${within}} > 0`,
      for: "2m",
      severity: "critical",
      summary: "No pod of {{ $labels.namespace }}/{{ $labels.deployment }} is available",
    },
    {
      name: "DeploymentStuck",
      expr: `kube_deployment_status_condition{${within},condition="Progressing",status="false"} == 1`,
      for: "5m",
      severity: "critical",
      summary: "The rollout of {{ $labels.namespace }}/{{ $labels.deployment }} makes no progress",
    },
    {
      name: "JobFailed",
      expr: `kube_job_status_failed{${within}} > 0`,
      for: "5m",
      severity: "critical",
      summary: "Job {{ $labels.namespace }}/{{ $labels.job_name }} failed",
    },
    {
      name: "AutoscalerAtMaximum",
      expr: `kube_horizontalpodautoscaler_status_current_replicas{${within}} >= kube_horizontalpodautoscaler_spec_max_replicas{${within}}`,
      for: "30m",
      severity: "warning",
      summary: "{{ $labels.namespace }}/{{ $labels.horizontalpodautoscaler }} has scaled to its maximum",
    },
    {
      name: "QuotaNearlyUsed",
      expr: `kube_resourcequota{${within},type="used"} / ignoring (type) (kube_resourcequota{${within},type="hard"} > 0) > ${resourceShare}`,
      for: "15m",
      severity: "warning",
      summary:
        "{{ $labels.namespace }} uses {{ $value | humanizePercentage }} of its quota of {{ $labels.resource }}",
    },
    {
      name: "VolumeFillingUp",
      expr: `1 - kubelet_volume_stats_available_bytes{${within}} / kubelet_volume_stats_capacity_bytes{${within}} > ${volumeShare}`,
      for: "15m",
      severity: "critical",
      summary:
        "Volume {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is {{ $value | humanizePercentage }} full",
    },
  ];
  return alerts.map((alert) => ({ ...alert, team }));
}

/** Alerts on Argo Rollouts' rollouts, which Kubernetes' own metrics don't cover. */
export function rolloutAlerts({ namespaces, team }: PodsIn): Alert[] {
  const within = `namespace=~"${namespaces.join("|")}"`;
  const labels = "max by (namespace, name)";
  return [
    {
      name: "RolloutUnavailable",
      expr: `${labels} (rollout_info_replicas_available{${within}}) == 0 and ${labels} (rollout_info_replicas_desired{${within}}) > 0`,
      for: "2m",
      severity: "critical",
      team,
      summary: "No pod of {{ $labels.namespace }}/{{ $labels.name }} is available",
    },
    {
      name: "RolloutAborted",
      expr: `${labels} (rollout_info{${within},phase=~"Degraded|Error|Timeout"}) > 0`,
      for: "5m",
      severity: "critical",
      team,
      summary: "The rollout of {{ $labels.namespace }}/{{ $labels.name }} was aborted or makes no progress",
    },
    {
      name: "RolloutPaused",
      expr: `${labels} (rollout_info{${within},phase="Paused"}) > 0`,
      for: "1h",
      severity: "warning",
      team,
      summary:
        "The rollout of {{ $labels.namespace }}/{{ $labels.name }} waits for somebody to promote or abort it",
    },
  ];
}

/** Alerts on the consumers of NATS' streams in one namespace. */
export const consumerAlerts = (namespace: string, team: string): Alert[] => [
  {
    name: "ConsumerLag",
    // Only the consumer's leader knows the number of pending messages; the other servers report 0.
    expr: `max by (namespace, stream_name, consumer_name) (nats_consumer_num_pending{namespace="${namespace}"}) > ${thresholds.pendingMessages}`,
    for: "15m",
    severity: "warning",
    team,
    summary: "{{ $value }} messages of {{ $labels.stream_name }} wait for {{ $labels.consumer_name }}",
  },
];
