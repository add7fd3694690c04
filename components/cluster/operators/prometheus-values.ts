import { amount, filledShare, type PrometheusSettings } from "../../../config";
import { prometheusPeer } from "../../base/operators";
import { priorities } from "../../base/priority";
import { scrapedMetrics } from "../../observability/metric-names";
import { scrapedNamespaces } from "../../workload/namespace";
import type { AlertRoutes } from "./alert-routes";
import { alertmanagerValues, type AlertTopics } from "./alertmanager";
import { historyValues, prometheusAccount, type History } from "./history";
import { claimTemplate, serverPod } from "./monitoring-server";
import { scrapeConfigs } from "./scrape";
import { disruptionBudget, resources, type Sizes } from "./sizes";

/**
 * Prometheus' parts. The server's memory is an estimate, for some 100,000 series at 4 to 8 KiB: once workloads run,
 * `prometheus_tsdb_head_series` has the actual number.
 */
export const prometheusSizes = {
  operator: { cpu: { request: 20, limit: 200 }, memory: { request: 128, limit: 256 } },
  server: { cpu: { request: 200, limit: 1000 }, memory: { request: 1024, limit: 2048 } },
  /** Sidecar of the server, and also its init container. */
  reloader: { cpu: { request: 10, limit: 100 }, memory: { request: 32, limit: 64 } },
  alertmanager: { cpu: { request: 10, limit: 100 }, memory: { request: 64, limit: 128 } },
  /** Sidecar of Alertmanager, and also its init container. */
  alertmanagerReloader: { cpu: { request: 10, limit: 100 }, memory: { request: 32, limit: 64 } },
  /** Holds the cluster's objects in memory. */
  stateMetrics: { cpu: { request: 10, limit: 200 }, memory: { request: 128, limit: 256 } },
} as const satisfies Sizes;

/** Limits of one scrape. A workload that exceeds them isn't scraped; others aren't affected. */
const limits = {
  enforcedSampleLimit: 10_000,
  enforcedTargetLimit: 200,
  enforcedLabelLimit: 40,
  enforcedLabelNameLengthLimit: 100,
  enforcedLabelValueLengthLimit: 500,
  enforcedBodySizeLimit: "10MB",
} as const;

/**
 * Disabled parts of the chart. EKS serves no metrics of the scheduler, the controller manager and etcd, nor, in Auto
 * Mode, of CoreDNS and kube-proxy; the kubelets are scraped by `scrapeConfigs`. Node exporter needs the host's PID
 * namespace, its network and its root file system, so a privileged namespace: see docs/decisions.md.
 */
const left = [
  "grafana",
  "nodeExporter",
  "kubernetesServiceMonitors",
  "kubeApiServer",
  "kubelet",
  "kubeControllerManager",
  "kubeScheduler",
  "kubeProxy",
  "kubeEtcd",
  "coreDns",
];

const labelled = { matchLabels: scrapedNamespaces };

/**
 * Every PodMonitor of the labelled namespaces, and every PrometheusRule of Prometheus' own namespace: rules elsewhere
 * could query all metrics. Of other kinds only the chart's own objects.
 */
const selectors = {
  podMonitorSelectorNilUsesHelmValues: false,
  podMonitorNamespaceSelector: labelled,
  serviceMonitorNamespaceSelector: labelled,
  probeNamespaceSelector: labelled,
  scrapeConfigNamespaceSelector: labelled,
  ruleSelectorNilUsesHelmValues: false,
  ruleNamespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": prometheusPeer.namespace } },
};

/**
 * kube-state-metrics: it serves only the metrics that alerts use, and watches only those kinds. It may not read
 * Secrets.
 */
const stateMetrics = {
  resources: resources(prometheusSizes.stateMetrics),
  priorityClassName: priorities.platform.name,
  metricAllowlist: [...scrapedMetrics.kubeStateMetrics],
  collectors: ["deployments", "horizontalpodautoscalers", "jobs", "nodes", "pods", "resourcequotas"],
  // The labels `namespace` and `pod` are the object's, not kube-state-metrics' own.
  prometheus: { monitor: { enabled: true, http: { honorLabels: true, interval: "30s" } } },
};

/**
 * Values of the chart `kube-prometheus-stack` 88.5: the operator, Prometheus, Alertmanager and kube-state-metrics. The
 * operator creates the servers' containers with a read-only root file system and without capabilities.
 *
 * The operator's webhooks only validate rules and routes, which promtool does before deployment; without them it needs
 * no certificate. It runs one pod: while that is down, the servers keep running.
 */
export const prometheusValues = (
  settings: PrometheusSettings,
  storageClass: string,
  topics: AlertTopics,
  routes: AlertRoutes = { receivers: {}, maintenance: {} },
  history?: History,
) => ({
  ...Object.fromEntries(left.map((part) => [part, { enabled: false }])),
  crds: { enabled: true },
  defaultRules: { create: false },
  prometheusOperator: {
    tls: { enabled: false },
    admissionWebhooks: { enabled: false },
    // It would maintain an object in kube-system that lists the nodes.
    kubeletService: { enabled: false },
    kubeletEndpointsEnabled: false,
    serviceMonitor: { selfMonitor: false },
    // It ignores Prometheus objects in other namespaces.
    prometheusInstanceNamespaces: [prometheusPeer.namespace],
    resources: resources(prometheusSizes.operator),
    prometheusConfigReloader: { resources: resources(prometheusSizes.reloader) },
    priorityClassName: priorities.platform.name,
  },
  alertmanager: alertmanagerValues(topics, routes, {
    replicas: settings.replicas,
    size: prometheusSizes.alertmanager,
    storageClass,
  }),
  kubeStateMetrics: { enabled: true },
  "kube-state-metrics": stateMetrics,
  prometheus: {
    serviceAccount: { name: prometheusAccount.serviceAccount },
    serviceMonitor: { selfMonitor: true, interval: "30s" },
    podDisruptionBudget: disruptionBudget(settings.replicas),
    prometheusSpec: {
      replicas: settings.replicas,
      ...selectors,
      ...limits,
      scrapeInterval: "30s",
      evaluationInterval: "30s",
      additionalScrapeConfigs: scrapeConfigs(),
      retention: `${settings.retentionDays}d`,
      retentionSize: `${Math.floor((amount(settings.storage) * filledShare) / 2 ** 20)}MiB`,
      storageSpec: claimTemplate(storageClass, settings.storage),
      ...serverPod(prometheusPeer.name, settings.replicas, prometheusSizes.server),
      ...(history && historyValues(history)),
    },
  },
});
