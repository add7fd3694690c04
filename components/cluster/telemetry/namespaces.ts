import type * as pulumi from "@pulumi/pulumi";
import type { TraceSettings } from "../../../config";
import type { Component } from "../../base/component";
import { telemetryPeers } from "../../observability/telemetry/ports";
import { Namespace } from "../../workload/namespace";
import { operatorQuota, type Size } from "../operators/sizes";
import { agentSize } from "./node-agent";
import { agentPolicies, gatewayPolicies } from "./policies";
import type { TelemetryArgs } from "./telemetry";

/** Sizes of the gateway, whose memory holds the traces of the last seconds, and of Jaeger. */
export const gatewaySizes = {
  gateway: { cpu: { request: 100, limit: 1000 }, memory: { request: 256, limit: 1024 } },
  jaeger: { cpu: { request: 50, limit: 500 }, memory: { request: 128, limit: 512 } },
} as const satisfies Record<string, Size>;

/** Nodes that the quota has room for: as many collectors, and as many again while they are updated. */
const mostNodes = 50;

type NamespaceArgs = Pick<
  TelemetryArgs,
  | "stores"
  | "traces"
  | "ranges"
  | "publicCidrs"
  | "searchCidrs"
  | "senders"
  | "kubernetesVersion"
  | "namespacesWaitFor"
  | "prometheus"
>;

const common = ({ kubernetesVersion, prometheus, namespacesWaitFor }: NamespaceArgs) => ({
  partOf: "telemetry",
  admission: true,
  kubernetesVersion,
  servesMetrics: prometheus !== undefined,
  waitsFor: namespacesWaitFor,
});

/** The namespace of the collectors on nodes. */
export function agentNamespace(parent: Component, args: NamespaceArgs): pulumi.Resource {
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
  args: NamespaceArgs,
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
