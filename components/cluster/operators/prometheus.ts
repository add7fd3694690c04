import type * as pulumi from "@pulumi/pulumi";
import type { PrometheusSettings } from "../../../config";
import type { Component } from "../../base/component";
import { externalSecret, type SecretStore } from "../../base/external-secret";
import { prometheusPeer } from "../../base/operators";
import {
  blocks,
  named,
  peer,
  podIdentityAgent,
  tcp,
  type PodsOf,
  httpsToInternet,
} from "../../network/pod-traffic";
import { platformAlerts, type PlatformParts } from "../../observability/alerts/platform";
import { podAlerts } from "../../observability/alerts/pods";
import { alertRule, recordingRule } from "../../observability/alerts/rule";
import { scrapedNamespaces } from "../../workload/namespace";
import { receiverProperty, receiversSecret, type AlertRoutes } from "./alert-routes";
import { alertmanagerPolicies, alertmanagerPorts, type AlertTopics } from "./alertmanager";
import { ChartOperator, type ChartOperatorArgs } from "./chart-operator";
import type { History } from "./history";
import { type Ranges, operatorBase, outward, type Policies } from "./policies";
import { prometheusSizes, prometheusValues } from "./prometheus-values";
import { kubeletPort } from "./scrape";
import { operatorQuota } from "./sizes";
import { operatorCharts } from "./table";

export interface PrometheusArgs extends Pick<
  ChartOperatorArgs,
  "kubernetesVersion" | "mirrors" | "priorityClasses" | "waitsFor"
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
  /** Workspace for long-term metrics. Default: none. */
  readonly history?: History | undefined;
}

/** Prometheus, Alertmanager, kube-state-metrics, the operator of the first two, and the platform's alerts. */
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
  /** Clients that list alerts and create silences in Alertmanager. Default: only Prometheus. */
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
  "allow-history": outward(prometheusPeer.name, httpsToInternet(ranges), podIdentityAgent),
});
