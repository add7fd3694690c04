/**
 * Names of the metrics that Prometheus scrapes, by source. Other metrics are dropped if the source allows it
 * (kube-state-metrics, the kubelets), and no alert may use them: a test checks every expression.
 */
export const scrapedMetrics = {
  /** Workloads: `docs/image-contract.md`. */
  workloads: [
    "active_users",
    "assets_tracked",
    "cache_hit_rate",
    "http_requests_total",
    "http_request_duration_seconds_bucket",
    "database_query_duration_seconds_bucket",
  ],
  /** kube-state-metrics 2.20: only these are served. */
  kubeStateMetrics: [
    "kube_deployment_spec_replicas",
    "kube_deployment_status_condition",
    "kube_deployment_status_replicas_available",
    "kube_horizontalpodautoscaler_spec_max_replicas",
    "kube_horizontalpodautoscaler_status_current_replicas",
    "kube_job_status_completion_time",
    "kube_job_status_failed",
    "kube_node_status_capacity",
    "kube_node_status_condition",
    "kube_pod_container_info",
    "kube_pod_container_resource_limits",
    "kube_pod_container_resource_requests",
    "kube_pod_container_status_restarts_total",
    "kube_pod_container_status_waiting_reason",
    "kube_pod_status_phase",
    "kube_resourcequota",
  ],
  /** Kubelets, `/metrics`. */
  kubelet: ["kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes"],
  /** Kubelets, `/metrics/cadvisor`. */
  containers: [
    "container_cpu_usage_seconds_total",
    "container_fs_reads_bytes_total",
    "container_fs_usage_bytes",
    "container_fs_writes_bytes_total",
    "container_memory_working_set_bytes",
    "container_network_receive_bytes_total",
    "container_network_transmit_bytes_total",
  ],
  /** NATS' exporter with the prefix `nats` and `-jsz=all`, as its chart 2.14 runs it. */
  nats: ["nats_consumer_num_pending", "nats_stream_total_bytes"],
  /** postgres_exporter 0.19, with the collectors of `components/data/postgres-exporter.ts`. */
  postgres: [
    "pg_database_size_bytes",
    "pg_settings_max_connections",
    "pg_stat_activity_count",
    "pg_stat_activity_max_tx_duration",
    "pg_stat_database_blks_hit",
    "pg_stat_database_blks_read",
    "pg_stat_database_deadlocks",
    "pg_stat_database_temp_bytes",
    "pg_stat_database_xact_commit",
    "pg_stat_database_xact_rollback",
    "pg_stat_replication_pg_wal_lsn_diff",
    "pg_stat_statements_calls_total",
    "pg_stat_statements_seconds_total",
    "pg_up",
  ],
  /** Argo Rollouts 1.9, `controller/metrics`. */
  argoRollouts: [
    "analysis_run_info",
    "rollout_info",
    "rollout_info_replicas_available",
    "rollout_info_replicas_desired",
    "rollout_info_replicas_updated",
  ],
  /** cert-manager 1.20. */
  certManager: ["certmanager_certificate_expiration_timestamp_seconds"],
  /** External Secrets 2.9. */
  externalSecrets: ["externalsecret_status_condition"],
  /** KEDA 2.20, `pkg/metricscollector`. */
  keda: ["keda_scaler_detail_errors_total", "keda_scaler_metrics_value"],
  /** OpenTelemetry collector 0.159, of itself: queue sizes are in bytes on the nodes. */
  collectors: [
    "otelcol_exporter_enqueue_failed_log_records",
    "otelcol_exporter_enqueue_failed_spans",
    "otelcol_exporter_queue_size",
    "otelcol_exporter_send_failed_log_records",
    "otelcol_exporter_send_failed_spans",
  ],
  /** Prometheus and Alertmanager themselves. */
  monitoring: [
    "alertmanager_notifications_failed_total",
    "prometheus_notifications_errors_total",
    "prometheus_remote_storage_queue_highest_sent_timestamp_seconds",
    "prometheus_remote_storage_queue_highest_timestamp_seconds",
    "prometheus_remote_storage_samples_failed_total",
    "prometheus_rule_evaluation_failures_total",
    // Prometheus adds it for each target.
    "up",
  ],
} as const satisfies Record<string, readonly string[]>;
