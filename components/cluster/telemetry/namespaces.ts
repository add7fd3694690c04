import type * as pulumi from "@pulumi/pulumi";
import type { TraceSettings } from "../../../config";
import type { Component } from "../../base/component";
import type { PodsOf } from "../../network/pod-traffic";
import { telemetryPeers } from "../../observability/telemetry/ports";
import { Namespace } from "../../workload/namespace";
import type { Ranges } from "../operators/policies";
import { operatorQuota, type Size } from "../operators/sizes";
import { agentSize } from "./node-agent";
import { agentPolicies, gatewayPolicies } from "./policies";
import type { TelemetryStores } from "./stores";

/** Sizes of the gateway, whose memory holds the traces of the last seconds, and of Jaeger. */
export const gatewaySizes = {
  gateway: { cpu: { request: 100, limit: 1000 }, memory: { request: 256, limit: 1024 } },
  jaeger: { cpu: { request: 50, limit: 500 }, memory: { request: 128, limit: 512 } },
} as const satisfies Record<string, Size>;

/** Nodes that the quota has room for: as many collectors, and as many again while they are updated. */
const mostNodes = 50;

export interface TelemetryNamespaceArgs {
  readonly traces: TraceSettings | undefined;
  readonly stores: Pick<TelemetryStores, "target" | "endpoint" | "associations"> | undefined;
  readonly ranges: Ranges;
  /** The load balancer's subnets. */
  readonly publicCidrs: readonly string[];
  /** The platform's isolated subnets. */
  readonly searchCidrs: readonly string[];
  /** Workloads that send spans. */
  readonly senders: readonly PodsOf[];
  readonly kubernetesVersion: string;
  /** Dependencies of namespaces: priority classes and admission policies. */
  readonly namespacesWaitFor: readonly pulumi.Resource[];
  /** The operator that installs PodMonitor and PrometheusRule. Default: nothing scrapes the collectors. */
  readonly prometheus: pulumi.Resource | undefined;
}

const common = ({ kubernetesVersion, prometheus, namespacesWaitFor }: TelemetryNamespaceArgs) => ({
  partOf: "telemetry",
  admission: true,
  kubernetesVersion,
  servesMetrics: prometheus !== undefined,
  waitsFor: namespacesWaitFor,
});

/** The namespace of the collectors on nodes. */
export function agentNamespace(parent: Component, args: TelemetryNamespaceArgs): pulumi.Resource {
  const { stores, traces, ranges, searchCidrs, senders, prometheus } = args;
  return new Namespace(
    parent.child("nodes"),
    {
      ...common(args),
      namespaceName: telemetryPeers.agent.namespace,
      level: "privileged",
      quota: operatorQuota({ agent: agentSize }, mostNodes),
      policies: agentPolicies({
        ranges,
        target: stores?.target,
        searchCidrs,
        scraped: prometheus !== undefined,
        senders: traces === undefined ? [] : senders,
      }),
    },
    parent.inside,
  ).resource;
}

/** The namespace of the gateway and of Jaeger. */
export function gatewayNamespace(
  parent: Component,
  args: TelemetryNamespaceArgs,
  { host, replicas }: TraceSettings,
): pulumi.Resource {
  const { stores, ranges, searchCidrs, publicCidrs, prometheus } = args;
  return new Namespace(
    parent.child("namespace"),
    {
      ...common(args),
      namespaceName: telemetryPeers.gateway.namespace,
      behindLoadBalancer: host !== undefined,
      quota: operatorQuota(gatewaySizes, replicas),
      policies: gatewayPolicies(
        {
          ranges,
          searchCidrs,
          scraped: prometheus !== undefined,
          publicCidrs: host === undefined ? [] : publicCidrs,
        },
        { stored: stores?.target.store === "opensearch" },
      ),
    },
    parent.inside,
  ).resource;
}
