import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";

/** Time between two scrapes. Source: TAPWORK's document; the rates of `expressions.ts` are taken over four of them. */
const interval = "30s";

export interface PodMonitorArgs {
  /** Name, namespace and labels of the object: the name is also that of what is scraped. */
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  /** Labels of the pods that are scraped. */
  readonly pods: Readonly<Record<string, string>>;
  /** Name of the container's port. */
  readonly port: string;
  readonly path: string;
  /** Service that leads to the pods: the label `service` of every figure, which the expressions ask for. */
  readonly service: string;
  /** Keep the labels `namespace` and `pod` that the metrics have themselves. Default: Prometheus' own win. */
  readonly honorLabels?: true;
  /** The namespace, and the operator that brings the kind. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/** How Prometheus scrapes some pods. It adds `namespace`, `pod` and `container` by itself. */
export function podMonitorSpec({
  pods,
  port,
  path,
  service,
  honorLabels,
}: Omit<PodMonitorArgs, "metadata" | "waitsFor">) {
  const relabelings = [{ action: "replace", targetLabel: "service", replacement: service }];
  return {
    selector: { matchLabels: pods },
    podMetricsEndpoints: [{ port, path, interval, relabelings, ...(honorLabels && { honorLabels }) }],
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
