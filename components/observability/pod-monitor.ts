import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";

/** Time between two looks. Source: TAPWORK's document; the rates of `expressions.ts` are taken over four of them. */
const interval = "30s";

export interface PodMonitorArgs {
  /** Name, namespace and labels of the object: the name is also that of what is asked. */
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  /** Labels of the pods that are asked, each for itself. */
  readonly pods: Readonly<Record<string, string>>;
  /** Name of the container's port. */
  readonly port: string;
  readonly path: string;
  /** Service that leads to the pods: the label `service` of every figure, which the expressions ask for. */
  readonly service: string;
  /** The namespace, and the operator that brings the kind. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/** What Prometheus asks some pods for. It adds `namespace`, `pod` and `container` by itself. */
export function podMonitorSpec({ pods, port, path, service }: Omit<PodMonitorArgs, "metadata" | "waitsFor">) {
  const relabelings = [{ action: "replace", targetLabel: "service", replacement: service }];
  return { selector: { matchLabels: pods }, podMetricsEndpoints: [{ port, path, interval, relabelings }] };
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
