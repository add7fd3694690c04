import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../../base/component";
import { prometheusPeer } from "../../base/operators";
import { recordingSpec } from "../recordings";
import { ruleSpec, type Alert } from "./alert";

/**
 * Alerts as a `PrometheusRule`. It is in Prometheus' own namespace, so users who may change objects in a system's
 * namespace can't disable its alerts.
 */
export function alertRule(
  parent: Component,
  key: string,
  args: {
    readonly name: string;
    /** The system of the alerts. Default: the platform. */
    readonly system?: string;
    readonly alerts: readonly Alert[];
    /** The operator that installs the kind. */
    readonly waitsFor: pulumi.Resource;
  },
): void {
  const { name, system, alerts, waitsFor } = args;
  prometheusRule(parent, key, { name, system, spec: ruleSpec(name, alerts), waitsFor });
}

/** Has Prometheus record the series of long-term metrics. */
export const recordingRule = (parent: Component, key: string, waitsFor: pulumi.Resource): void =>
  prometheusRule(parent, key, { name: "recordings", spec: recordingSpec, waitsFor });

function prometheusRule(
  parent: Component,
  key: string,
  args: {
    readonly name: string;
    readonly system?: string | undefined;
    readonly spec: object;
    readonly waitsFor: pulumi.Resource;
  },
): void {
  const { name, system, spec, waitsFor } = args;
  new k8s.apiextensions.CustomResource(
    parent.child(key),
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PrometheusRule",
      metadata: {
        name,
        namespace: prometheusPeer.namespace,
        ...(system !== undefined && { labels: { "app.kubernetes.io/part-of": system } }),
      },
      spec,
    },
    { ...parent.inside, dependsOn: [waitsFor] },
  );
}
