import type * as pulumi from "@pulumi/pulumi";
import { filledShare, type PrometheusSettings, amount } from "../../../config";
import type { Component } from "../../base/component";
import { externalSecret, type SecretStore } from "../../base/external-secret";
import { prometheusPeer } from "../../base/operators";
import { priorities } from "../../base/priority";
import { blocks, internet, named, peer, podIdentityAgent, tcp, type PodsOf } from "../../network/pod-traffic";
import { platformAlerts, type PlatformParts } from "../../observability/alerts/platform";
import { podAlerts } from "../../observability/alerts/pods";
import { alertRule, recordingRule } from "../../observability/alerts/rule";
import { scrapedMetrics } from "../../observability/metric-names";
import { scrapedNamespaces } from "../../workload/namespace";
import { receiverProperty, receiversSecret, type AlertRoutes } from "./alert-routes";
import {
  alertmanagerPolicies,
  alertmanagerPorts,
  alertmanagerValues,
  type AlertTopics,
} from "./alertmanager";
import { ChartOperator, type ChartOperatorArgs } from "./chart-operator";
import { historyValues, prometheusAccount, type History } from "./history";
import { type Ranges, operatorBase, outward, type Policies } from "./policies";
import { kubeletPort, scrapeConfigs } from "./scrape";
import { claimTemplate, serverPod } from "./monitoring-server";
import { operatorQuota, disruptionBudget, resources, type Sizes } from "./sizes";
import { operatorCharts } from "./table";

export interface PrometheusArgs extends Pick<
  ChartOperatorArgs,
  "kubernetesVersion" | "priorityClasses" | "waitsFor"
> {
  readonly settings: PrometheusSettings;
  /** Storage class of the servers' volumes. */
  readonly storageClass: string;
  readonly ranges: Ranges;
  readonly ways: PrometheusWays;
  /** Where Alertmanager sends alerts. */
  readonly topics: AlertTopics;
  readonly routes: AlertRoutes;
  /** Store that the receivers' secrets are read through. Default: there are no receivers. */
  readonly receiversStore?: SecretStore | undefined;
  readonly platform: Omit<PlatformParts, "history">;
  /** Where recorded series are kept for long. Default: nowhere. */
  readonly history?: History | undefined;
}

/** Prometheus, Alertmanager, kube-state-metrics the operator of the first two, and the platform's alerts. */
export class Prometheus extends ChartOperator {
  constructor(name: string, args: PrometheusArgs, opts: pulumi.ComponentResourceOptions) {
    const {
      settings,
      storageClass,
      ranges,
      ways,
      topics,
      routes,
      receiversStore,
      platform,
      history,
      ...rest
    } = args;
    super(
      "plinth:cluster:Prometheus",
      name,
      {
        ...rest,
        chart: operatorCharts.prometheus,
        version: settings.chart,
        values: prometheusValues(settings, storageClass, topics, routes, history),
        servesMetrics: true,
        quota: operatorQuota(prometheusSizes, settings.replicas),
        policies: { ...prometheusPolicies(ranges, ways), ...(history && historyPolicies(ranges)) },
        before: (parent, { resource }) =>
          receiversStore === undefined ? [] : [receivers(parent, routes, receiversStore, resource)],
      },
      opts,
    );
    this.platformRules({ ...platform, history: history !== undefined });
    if (history !== undefined) recordingRule(this, "recordings", this.release);
    this.registerOutputs();
  }

  private platformRules(parts: PlatformParts): void {
    const name = "platform";
    const own = podAlerts({ namespaces: [prometheusPeer.namespace], team: name });
    alertRule(this, "alerts", { name, alerts: [...platformAlerts(parts), ...own], waitsFor: this.release });
  }
}

/** The receivers' addresses and keys, one file each in Alertmanager's pods. */
const receivers = (parent: Component, routes: AlertRoutes, store: SecretStore, namespace: pulumi.Resource) =>
  externalSecret(parent, "receivers", {
    secret: receiversSecret,
    namespace: prometheusPeer.namespace,
    store,
    data: Object.entries(routes.receivers).map(([name, receiver]) => ({
      secretKey: name,
      remoteRef: { key: receiver.entry, property: receiverProperty(receiver) },
    })),
    waitsFor: [namespace],
  }).resource;

export interface PrometheusWays {
  /** Ports on which pods of labelled namespaces serve metrics. */
  readonly ports: readonly number[];
  /** Pods that query Prometheus. */
  readonly askers: readonly PodsOf[];
  /** Who lists alerts and makes silences in Alertmanager. Default: nobody but Prometheus. */
  readonly silencers?: readonly PodsOf[];
}

/** Scraped ports in Prometheus' own namespace: kube-state-metrics, the reloaders, and both APIs. */
const ownPorts = [8080, prometheusPeer.port, alertmanagerPorts.api];

/**
 * Prometheus: it scrapes pods of labelled namespaces and the kubelets, and answers queries of KEDA, Argo Rollouts and
 * Grafana.
 */
export const prometheusPolicies = (
  ranges: Ranges,
  { ports, askers, silencers = [] }: PrometheusWays,
): Policies => ({
  ...operatorBase(ranges),
  ...alertmanagerPolicies(ranges, silencers),
  // From Prometheus to every pod of its namespace; its egress is `allow-metrics`.
  "allow-scrape": {
    podSelector: {},
    policyTypes: ["Ingress"],
    ingress: [{ from: [{ podSelector: named(prometheusPeer.name) }], ports: tcp(...ownPorts) }],
  },
  // A rule without peers, or without ports, would allow everything.
  ...(askers.length === 0
    ? {}
    : {
        "allow-queries": {
          podSelector: named(prometheusPeer.name),
          policyTypes: ["Ingress"],
          ingress: [{ from: askers.map(peer), ports: tcp(prometheusPeer.port) }],
        },
      }),
  "allow-metrics": outward(
    prometheusPeer.name,
    {
      to: [{ namespaceSelector: { matchLabels: scrapedNamespaces } }],
      ports: tcp(...[...new Set([...ports, ...ownPorts])].sort((one, other) => one - other)),
    },
    { to: blocks(ranges.privateCidrs), ports: tcp(kubeletPort) },
  ),
});

/** Prometheus to the workspace, over NAT. An interface endpoint is where the API server is: `allow-api-server`. */
const historyPolicies = (ranges: Ranges): Policies => ({
  "allow-history": outward(
    prometheusPeer.name,
    { to: [internet(ranges)], ports: tcp(443) },
    podIdentityAgent,
  ),
});

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
  ...["grafana", "nodeExporter", "kubernetesServiceMonitors"],
  ...["kubeApiServer", "kubelet", "kubeControllerManager", "kubeScheduler", "kubeProxy"],
  ...["kubeEtcd", "coreDns"],
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
