import type * as pulumi from "@pulumi/pulumi";
import { amount, type Settings, type SignOnSettings } from "../../config";
import type { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";
import type { Cluster } from "../cluster/cluster";
import { grafanaPage } from "../cluster/operators/grafana";
import { secretReader } from "../cluster/secret-reader";
import type { Telemetry } from "../cluster/telemetry/telemetry";
import { Pages } from "../edge/pages";
import { dashboards } from "../observability/dashboards";
import type { Dashboards } from "../observability/dashboards/dashboard";
import type { ConfiguredSystem } from "./configured-systems";
import type { RegionResources } from "./resources";

/** Dashboards of these systems. */
export const dashboardsOf = (systems: readonly ConfiguredSystem[], { cluster }: Settings): Dashboards =>
  dashboards({
    systems: Object.fromEntries(systems.map(({ spec }) => [spec.name, spec.namespaces])),
    nodeCpus: amount(cluster.nodePool.limits.cpu),
    history: cluster.operators.prometheus?.historyDays !== undefined,
  });

/** Hosts of the team's pages, by part. */
export const pageHosts = ({ cluster: { operators }, traces }: Settings): Record<string, string> => ({
  ...(operators.grafana === undefined ? {} : { grafana: operators.grafana.host }),
  ...(traces?.host === undefined ? {} : { traces: traces.host }),
});

interface Reading {
  readonly context: Context;
  readonly keys: KeyArns;
  readonly cluster: Cluster;
}

const reader = (parent: Component, key: string, description: string, entries: string[], of: Reading) =>
  secretReader(parent, key, {
    context: of.context,
    keys: of.keys,
    description,
    entries,
    operatorRoleArn: of.cluster.externalSecrets.roleArn,
  });

/** Single sign-on, if the stack file has it: its settings, and the role with which its client is read. */
export function signOnOf(
  parent: Component,
  { signOn }: Settings,
  of: Reading,
): { readonly settings: SignOnSettings; readonly role: pulumi.Output<string> } | undefined {
  if (signOn === undefined) return undefined;
  return {
    settings: signOn,
    role: reader(
      parent,
      "sign-on",
      "Lets External Secrets read the client of the single sign-on",
      [signOn.client],
      of,
    ),
  };
}

/** Where alerts go, and the role with which the receivers' secrets are read. */
export function routesOf(parent: Component, { alarms: { receivers, maintenance } }: Settings, of: Reading) {
  const entries = Object.values(receivers).map(({ entry }) => entry);
  const role =
    entries.length === 0 ? undefined : reader(parent, "alert-receivers", "Receivers of alerts", entries, of);
  return { receivers, maintenance, role };
}

/** The team's pages, behind single sign-on. */
export function pagesInRegion(
  parent: Component,
  shared: RegionResources,
  telemetry: Telemetry | undefined,
): void {
  const { settings, platform, certificates, loadBalancer, cluster } = shared;
  const { signOn, edge } = settings;
  const { grafana, signOnStore: store } = platform;
  if (signOn === undefined || store === undefined) return;
  const pages = {
    ...(grafana && { grafana: grafanaPage(grafana) }),
    ...(telemetry?.page && { traces: { ...telemetry.page, client: { store } } }),
  };
  if (Object.keys(pages).length === 0) return;
  new Pages(
    parent.child("pages"),
    {
      signOn,
      certificates: certificates.arns,
      zones: edge.zones,
      loadBalancer,
      pages,
    },
    { ...parent.inside, providers: { kubernetes: cluster.provider } },
  );
}
