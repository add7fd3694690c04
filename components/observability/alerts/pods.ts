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
      summary:
        "Pod {{ $labels.namespace }}/{{ $labels.pod }} restarted {{ $value | humanize }} times in the last hour",
      description:
        "A container keeps restarting, and requests that it was serving fail. Read the log of the previous container (kubectl logs --previous) and its last state: OOMKilled means that its memory limit is too low.",
    },
    {
      name: "PodNotStarting",
      expr: `max by (namespace, pod, reason) (kube_pod_container_status_waiting_reason{${within},reason!="ContainerCreating"}) > 0`,
      for: "10m",
      severity: "critical",
      summary: "Pod {{ $labels.namespace }}/{{ $labels.pod }} can't start: {{ $labels.reason }}",
      description:
        "ImagePullBackOff: push the image. CreateContainerConfigError: a Secret or ConfigMap is missing. CrashLoopBackOff: read the container's log.",
    },
    {
      name: "PodPending",
      expr: `max by (namespace, pod) (kube_pod_status_phase{${within},phase="Pending"}) > 0`,
      for: "15m",
      severity: "warning",
      summary: "Pod {{ $labels.namespace }}/{{ $labels.pod }} has been pending for 15 minutes",
      description:
        "The scheduler finds no node for it, or its volume can't be attached. The pod's events (kubectl describe pod) name the reason.",
    },
    {
      name: "ContainerMemoryHigh",
      expr: `${used(`container_memory_working_set_bytes{${within},container!=""}`)} / ${limit("memory")} > ${resourceShare}`,
      for: "10m",
      severity: "warning",
      summary:
        "Container {{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} uses {{ $value | humanizePercentage }} of its memory limit",
      description:
        "At 100 % the kernel kills it (OOMKilled). Raise the workload's resources in the stack file, or find the memory leak.",
    },
    {
      name: "ContainerCpuHigh",
      expr: `${used(`rate(container_cpu_usage_seconds_total{${within},container!=""}[5m])`)} / ${limit("cpu")} > ${resourceShare}`,
      for: "15m",
      severity: "warning",
      summary:
        "Container {{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} uses {{ $value | humanizePercentage }} of its CPU limit",
      description:
        "The container is throttled, so its responses are slow. Raise the workload's resources in the stack file, or let it scale out earlier.",
    },
    {
      name: "DeploymentUnavailable",
      expr: `kube_deployment_status_replicas_available{${within}} == 0 and kube_deployment_spec_replicas{${within}} > 0`,
      for: "2m",
      severity: "critical",
      summary: "Deployment {{ $labels.namespace }}/{{ $labels.deployment }} has no available pods",
      description:
        "Requests to it fail. Check its pods and their logs. If a release has just finished, roll it back.",
    },
    {
      name: "DeploymentStuck",
      expr: `kube_deployment_status_condition{${within},condition="Progressing",status="false"} == 1`,
      for: "5m",
      severity: "critical",
      summary: "The rollout of Deployment {{ $labels.namespace }}/{{ $labels.deployment }} makes no progress",
      description:
        "The old pods still serve requests. Check the new pods, then deploy the previous image or a fixed one.",
    },
    {
      name: "JobFailed",
      expr: `kube_job_status_failed{${within}} > 0`,
      for: "5m",
      severity: "critical",
      summary: "Job {{ $labels.namespace }}/{{ $labels.job_name }} failed",
      description:
        "A migration, a backup, a smoke test or a load test failed. Read the Job's log. The alert ends when the Job is deleted or replaced.",
    },
    {
      name: "AutoscalerAtMaximum",
      expr: `kube_horizontalpodautoscaler_status_current_replicas{${within}} >= kube_horizontalpodautoscaler_spec_max_replicas{${within}}`,
      for: "30m",
      severity: "warning",
      summary:
        "HorizontalPodAutoscaler {{ $labels.namespace }}/{{ $labels.horizontalpodautoscaler }} has been at its maximum for 30 minutes",
      description:
        "The workload can't scale out any further, so responses get slower under more load. Raise autoscaling.max in the stack file, if the database's connections and the node pool allow it.",
    },
    {
      name: "QuotaNearlyUsed",
      expr: `kube_resourcequota{${within},type="used"} / ignoring (type) (kube_resourcequota{${within},type="hard"} > 0) > ${resourceShare}`,
      for: "15m",
      severity: "warning",
      summary:
        "Namespace {{ $labels.namespace }} uses {{ $value | humanizePercentage }} of its quota of {{ $labels.resource }}",
      description:
        "At 100 % the API server rejects new pods, including those of a release. Delete what isn't in the stack file, such as old Jobs.",
    },
    {
      name: "VolumeFillingUp",
      expr: `1 - kubelet_volume_stats_available_bytes{${within}} / kubelet_volume_stats_capacity_bytes{${within}} > ${volumeShare}`,
      for: "15m",
      severity: "critical",
      summary:
        "PersistentVolumeClaim {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is {{ $value | humanizePercentage }} full",
      description:
        "Writes fail when it is full. Raise storage of NATS or Prometheus in the stack file; the volume is expanded while it is in use.",
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
      summary: "Rollout {{ $labels.namespace }}/{{ $labels.name }} has no available pods",
      description:
        "Requests to it fail. Check its pods and their logs. If a release has just finished, roll it back.",
    },
    {
      name: "RolloutAborted",
      expr: `${labels} (rollout_info{${within},phase=~"Degraded|Error|Timeout"}) > 0`,
      for: "5m",
      severity: "critical",
      team,
      summary: "Rollout {{ $labels.namespace }}/{{ $labels.name }} was aborted or makes no progress",
      description:
        "The previous version serves all requests. The AnalysisRun shows which metric was too high.",
    },
    {
      name: "RolloutPaused",
      expr: `${labels} (rollout_info{${within},phase="Paused"}) > 0`,
      for: "1h",
      severity: "warning",
      team,
      summary: "Rollout {{ $labels.namespace }}/{{ $labels.name }} has been paused for an hour",
      description:
        "It waits to be promoted or aborted, and both versions serve requests until then. Check the new version's metrics, then promote or abort it.",
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
    summary:
      "NATS consumer {{ $labels.consumer_name }} of stream {{ $labels.stream_name }} has {{ $value }} pending messages",
    description:
      "Messages are processed late, and are lost when the stream reaches its limits. Check the consumer's pods, and whether AutoscalerAtMaximum fires.",
  },
];
