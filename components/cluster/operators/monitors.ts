import type * as pulumi from "@pulumi/pulumi";
import type { ClusterSettings } from "../../../config";
import type { Component } from "../../base/component";
import { operatorPeers, prometheusPeer, type Operators } from "../../base/operators";
import { named, peer, tcp } from "../../network/pod-traffic";
import { podMonitor } from "../../observability/pod-monitor";
import { certManager } from "./cert-manager";
import { externalSecretsPods } from "./external-secrets";
import type { Policies } from "./policies";
import { operatorCharts } from "./table";

/** Pods of an operator that serve metrics, and the container port's number and name. */
interface Served {
  readonly namespace: string;
  readonly name: string;
  readonly pods: Readonly<Record<string, string>>;
  readonly port: number;
  readonly portName: string;
}

/**
 * Operators that Prometheus scrapes. Sources: the charts' own templates (keda 2.20 `manager/deployment.yaml`,
 * argo-rollouts 2.41 `controller/deployment.yaml`, external-secrets 2.9 `deployment.yaml`, cert-manager 1.20
 * `deployment.yaml`), all under `/metrics` without TLS.
 */
const servedByOperators = {
  keda: {
    ...operatorPeers.keda,
    pods: named(operatorPeers.keda.name).matchLabels,
    port: 8080,
    portName: "http",
  },
  argoRollouts: {
    ...operatorPeers.argoRollouts,
    pods: named(operatorPeers.argoRollouts.name).matchLabels,
    port: 8090,
    portName: "metrics",
  },
  externalSecrets: {
    namespace: operatorCharts.externalSecrets.namespace,
    name: externalSecretsPods,
    pods: named(externalSecretsPods).matchLabels,
    port: 8080,
    portName: "metrics",
  },
  certManager: {
    namespace: certManager,
    name: certManager,
    pods: named(certManager).matchLabels,
    port: 9402,
    portName: "http-metrics",
  },
} as const satisfies Record<string, Served>;

export type ServingOperator = keyof typeof servedByOperators;

type Configured = Pick<ClusterSettings["operators"], "prometheus" | "keda" | "argoRollouts">;

/** Allows Prometheus to scrape an operator, if Prometheus is configured. */
export function scraped(key: ServingOperator, operators: Configured): Policies {
  if (operators.prometheus === undefined) return {};
  const { name, port } = servedByOperators[key];
  return {
    "allow-scrape": {
      podSelector: named(name),
      policyTypes: ["Ingress"],
      ingress: [{ from: [peer(prometheusPeer)], ports: tcp(port) }],
    },
  };
}

/** Ports of the configured operators that Prometheus scrapes. */
export const operatorMetricsPorts = (operators: Configured): number[] => [
  ...new Set(
    (Object.keys(servedByOperators) as ServingOperator[])
      .filter((key) => key === "externalSecrets" || key === "certManager" || operators[key] !== undefined)
      .map((key) => servedByOperators[key].port),
  ),
];

/**
 * Has Prometheus scrape the configured operators. Their metrics keep the namespace of the object that they describe.
 */
export function operatorMonitors(
  parent: Component,
  key: string,
  operators: Operators & { readonly externalSecrets: pulumi.Resource },
): void {
  const { prometheus } = operators;
  if (prometheus === undefined) return;
  for (const [operatorKey, served] of Object.entries(servedByOperators)) {
    const operator = operators[operatorKey as ServingOperator];
    if (operator === undefined) continue;
    podMonitor(parent, `${key}-${served.name}`, {
      metadata: { name: served.name, namespace: served.namespace },
      pods: served.pods,
      port: served.portName,
      path: "/metrics",
      service: served.name,
      honorLabels: true,
      waitsFor: [operator, prometheus],
    });
  }
}
