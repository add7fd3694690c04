import type * as pulumi from "@pulumi/pulumi";
import type { LogSettings, TraceSettings } from "../../../config";
import type { Component } from "../../base/component";
import { alertRule } from "../../observability/alerts/rule";
import { telemetryAlerts } from "../../observability/alerts/telemetry";
import { podMonitor } from "../../observability/pod-monitor";
import { telemetryPeers } from "../../observability/telemetry/ports";

interface MonitorArgs {
  /** The operator that installs PodMonitor and PrometheusRule. Default: nothing scrapes the collectors. */
  readonly prometheus: pulumi.Resource | undefined;
  readonly logs: LogSettings | undefined;
  readonly traces: TraceSettings | undefined;
  readonly agent: pulumi.Resource;
  /** Default: there are no traces. */
  readonly gateway: pulumi.Resource | undefined;
  /** Whether Jaeger keeps the traces. */
  readonly stored: boolean;
}

/** Scrapes the collectors and Jaeger, and alerts on them, where the cluster has Prometheus. */
export function telemetryMonitors(
  parent: Component,
  { prometheus, logs, traces, agent, gateway, stored }: MonitorArgs,
): void {
  if (prometheus === undefined) return;
  const monitor = (key: keyof typeof telemetryPeers, port: string, scraped: pulumi.Resource) => {
    const { namespace, name } = telemetryPeers[key];
    podMonitor(parent, `${key}-${port}-monitor`, {
      metadata: { name: port === "metrics" ? name : `${name}-${port}`, namespace },
      pods: { "app.kubernetes.io/name": name },
      port,
      path: "/metrics",
      service: name,
      waitsFor: [scraped, prometheus],
    });
  };
  monitor("agent", "metrics", agent);
  if (gateway !== undefined) {
    monitor("gateway", "metrics", gateway);
    monitor("gateway", "span-metrics", gateway);
    if (stored) monitor("jaeger", "metrics", gateway);
  }
  alertRule(parent, "alerts", {
    name: "telemetry",
    alerts: telemetryAlerts({ logs: logs !== undefined, traces: traces !== undefined }),
    waitsFor: prometheus,
  });
}
