import type * as pulumi from "@pulumi/pulumi";
import { type PrometheusSettings, amount } from "../../../config";
import { prometheusPeer } from "../../base/operators";
import { priorities } from "../../base/priority";
import { named, peer, tcp, type PodsOf } from "../../network/pod-traffic";
import { scrapedNamespaces } from "../../workload/namespace";
import { ChartOperator, type ChartOperatorArgs } from "./chart-operator";
import { type Ranges, operatorBase, outward, type Policies } from "./policies";
import { operatorQuota, disruptionBudget, resources, type Sizes } from "./sizes";
import { operatorCharts } from "./table";

export interface PrometheusArgs extends Pick<
  ChartOperatorArgs,
  "kubernetesVersion" | "priorityClasses" | "waitsFor"
> {
  readonly settings: PrometheusSettings;
  /** Class of the servers' volumes. */
  readonly storageClass: string;
  readonly ranges: Ranges;
  readonly ways: PrometheusWays;
}

/** Prometheus and the operator that keeps it: it knows how the workloads do, for what scales and releases them. */
export class Prometheus extends ChartOperator {
  constructor(
    name: string,
    { settings, storageClass, ranges, ways, ...rest }: PrometheusArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(
      "plinth:cluster:Prometheus",
      name,
      {
        ...rest,
        chart: operatorCharts.prometheus,
        version: settings.chart,
        values: prometheusValues(settings, storageClass),
        quota: operatorQuota(prometheusSizes, settings.replicas),
        policies: prometheusPolicies(ranges, ways),
      },
      opts,
    );
    this.registerOutputs();
  }
}

export interface PrometheusWays {
  /** Ports on which the pods of labelled namespaces serve metrics. */
  readonly ports: readonly number[];
  /** Who asks Prometheus. */
  readonly askers: readonly PodsOf[];
}

/** Prometheus: it scrapes the workloads of labelled namespaces, and answers those that scale and release them. */
export const prometheusPolicies = (ranges: Ranges, { ports, askers }: PrometheusWays): Policies => ({
  ...operatorBase(ranges),
  // A rule without peers, or without ports, would open everything.
  ...(askers.length === 0
    ? {}
    : {
        "allow-queries": {
          podSelector: named(prometheusPeer.name),
          policyTypes: ["Ingress"],
          ingress: [{ from: askers.map(peer), ports: tcp(prometheusPeer.port) }],
        },
      }),
  ...(ports.length === 0
    ? {}
    : {
        "allow-metrics": outward(prometheusPeer.name, {
          to: [{ namespaceSelector: { matchLabels: scrapedNamespaces } }],
          ports: tcp(...ports),
        }),
      }),
});

/**
 * Prometheus' parts. The server's memory is an estimate, for some 100,000 series at 4 to 8 KiB: once workloads run,
 * `prometheus_tsdb_head_series` says how many there are.
 */
export const prometheusSizes = {
  operator: { cpu: { request: 20, limit: 200 }, memory: { request: 128, limit: 256 } },
  server: { cpu: { request: 200, limit: 1000 }, memory: { request: 1024, limit: 2048 } },
  /** Stands beside the server in its pod, and starts before it once more. */
  reloader: { cpu: { request: 10, limit: 100 }, memory: { request: 32, limit: 64 } },
} as const satisfies Sizes;

/** Share of the volume that samples may fill: the rest is for compaction. Source: Prometheus, storage. */
const filled = 0.8;

/** Limits of one scrape. A workload that serves more isn't scraped; all others are. */
const limits = {
  enforcedSampleLimit: 10_000,
  enforcedTargetLimit: 200,
  enforcedLabelLimit: 40,
  enforcedLabelNameLengthLimit: 100,
  enforcedLabelValueLengthLimit: 500,
  enforcedBodySizeLimit: "10MB",
} as const;

/** Servers stand in different zones: each volume stays in the zone that its first pod was put in. */
const apart = (replicas: number) =>
  replicas < 2
    ? []
    : [
        {
          maxSkew: 1,
          minDomains: 2,
          topologyKey: "topology.kubernetes.io/zone",
          whenUnsatisfiable: "DoNotSchedule",
          nodeTaintsPolicy: "Honor",
          labelSelector: { matchLabels: { "app.kubernetes.io/name": prometheusPeer.name } },
        },
      ];

/**
 * Parts of the chart that nothing asks yet, and that it would have: what watches nodes and the cluster, shows and
 * alerts.
 */
const left = [
  "alertmanager",
  "grafana",
  "nodeExporter",
  "kubeStateMetrics",
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
 * Every PodMonitor of the labelled namespaces; of the other kinds those that the chart itself makes, which are none.
 */
const selectors = {
  podMonitorSelectorNilUsesHelmValues: false,
  podMonitorNamespaceSelector: labelled,
  serviceMonitorNamespaceSelector: labelled,
  probeNamespaceSelector: labelled,
  scrapeConfigNamespaceSelector: labelled,
  ruleNamespaceSelector: labelled,
};

/** Numeric users that own the volume; nothing is relabelled file by file but a new one. */
const podSecurity = {
  runAsNonRoot: true,
  runAsUser: 1000,
  runAsGroup: 2000,
  fsGroup: 2000,
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
};

/**
 * Values of the chart `kube-prometheus-stack` 88.5: the operator and one Prometheus, which asks the workloads of
 * labelled namespaces. The operator makes the server's containers with a read-only root and without capabilities.
 *
 * The operator's webhooks only check rules and alert routes, which there are none of; without them it needs no
 * certificate. It runs one pod: while that is away the servers go on as they are.
 */
export const prometheusValues = (settings: PrometheusSettings, storageClass: string) => ({
  ...Object.fromEntries(left.map((part) => [part, { enabled: false }])),
  crds: { enabled: true },
  defaultRules: { create: false },
  prometheusOperator: {
    tls: { enabled: false },
    admissionWebhooks: { enabled: false },
    // It would keep an object in kube-system that lists the nodes.
    kubeletService: { enabled: false },
    kubeletEndpointsEnabled: false,
    serviceMonitor: { selfMonitor: false },
    // It ignores Prometheus objects in other namespaces.
    prometheusInstanceNamespaces: [prometheusPeer.namespace],
    resources: resources(prometheusSizes.operator),
    prometheusConfigReloader: { resources: resources(prometheusSizes.reloader) },
    priorityClassName: priorities.platform.name,
  },
  prometheus: {
    serviceMonitor: { selfMonitor: false },
    podDisruptionBudget: disruptionBudget(settings.replicas),
    prometheusSpec: {
      replicas: settings.replicas,
      ...selectors,
      ...limits,
      scrapeInterval: "30s",
      retention: `${settings.retentionDays}d`,
      retentionSize: `${Math.floor((amount(settings.storage) * filled) / 2 ** 20)}MiB`,
      storageSpec: {
        volumeClaimTemplate: {
          spec: {
            storageClassName: storageClass,
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: settings.storage } },
          },
        },
      },
      topologySpreadConstraints: apart(settings.replicas),
      resources: resources(prometheusSizes.server),
      priorityClassName: priorities.platform.name,
      securityContext: podSecurity,
      enableServiceLinks: false,
    },
  },
});
