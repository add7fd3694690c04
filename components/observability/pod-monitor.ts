import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";

/** Time between two scrapes. Source: TAPWORK's document; the rates of `expressions.ts` cover four of them. */
const interval = "30s";

export interface PodMonitorArgs {
  /** Name, namespace and labels of the object. Its name is that of the scraped workload. */
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  /** Labels of the pods that are scraped. */
  readonly pods: Readonly<Record<string, string>>;
  /** Name of the container port. */
  readonly port: string;
  readonly path: string;
  /** Service of the pods: the label `service` of every metric, which the expressions select. */
  readonly service: string;
  /** The pods serve TLS: the key of a Secret here with their authority's certificate, and a name in their own. Default: they don't. */
  readonly tls?: { readonly secret: string; readonly key: string; readonly serverName: string };
  /** Keep the metrics' own labels `namespace` and `pod`. Default: Prometheus overwrites them. */
  readonly honorLabels?: true;
  /** The namespace, and the operator that installs the kind. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/** Spec of a PodMonitor. Prometheus adds the labels `namespace`, `pod` and `container`. */
export function podMonitorSpec({
  pods,
  port,
  path,
  service,
  tls,
  honorLabels,
}: Omit<PodMonitorArgs, "metadata" | "waitsFor">) {
  const relabelings = [{ action: "replace", targetLabel: "service", replacement: service }];
  const scheme = tls && {
    scheme: "https",
    tlsConfig: { ca: { secret: { name: tls.secret, key: tls.key } }, serverName: tls.serverName },
  };
  return {
    selector: { matchLabels: pods },
    podMetricsEndpoints: [
      { port, path, interval, relabelings, ...scheme, ...(honorLabels && { honorLabels }) },
    ],
  };
}

/** Has Prometheus scrape some pods. */
export const podMonitor = (
  parent: Component,
  key: string,
  { metadata, waitsFor, ...what }: PodMonitorArgs,
): pulumi.Resource =>
  new k8s.apiextensions.CustomResource(
    parent.child(key),
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PodMonitor",
      metadata,
      spec: podMonitorSpec(what),
    },
    { ...parent.inside, dependsOn: [...waitsFor] },
  );
