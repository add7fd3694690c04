import type * as pulumi from "@pulumi/pulumi";
import type { WorkloadSpec } from "../../systems/spec";
import type { Component } from "../base/component";
import { podMonitor, type PodMonitorArgs } from "../observability/pod-monitor";
import type { Operators } from "../base/operators";
import { selector } from "./labels";
import { mainPort, serviceUrl } from "./ports";
import { serviceAuthority, servesTls, tlsSecret } from "./tls";

export interface WorkloadMonitorArgs {
  readonly spec: WorkloadSpec;
  /** Name, namespace and labels of the workload, and of the PodMonitor. */
  readonly metadata: PodMonitorArgs["metadata"];
  readonly namespace: pulumi.Resource;
  readonly operators?: Operators;
}

/** Has Prometheus scrape a workload's pods, if Prometheus is configured and they serve metrics. */
export function workloadMonitor(
  parent: Component,
  key: string,
  { spec, metadata, namespace, operators }: WorkloadMonitorArgs,
): void {
  const { listen } = spec;
  const [main, operator] = [mainPort(spec), operators?.prometheus];
  if (listen?.metrics === undefined || main === undefined || operator === undefined) return;
  podMonitor(parent, key, {
    metadata,
    pods: selector(spec.name),
    port: main.name,
    path: listen.metrics.path,
    service: listen.service,
    ...(servesTls(spec)
      ? {
          tls: {
            secret: tlsSecret(spec),
            key: serviceAuthority.key,
            serverName: new URL(serviceUrl(spec)).hostname,
          },
        }
      : {}),
    waitsFor: [namespace, operator],
  });
}
