import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ReleaseSettings } from "../../config";
import type { Component } from "../base/component";
import {
  blocks,
  internet,
  named,
  outside,
  peer,
  podIdentityAgent,
  tcp,
  type PodsOf,
} from "../network/pod-traffic";
import { operatorPeers, prometheusPeer } from "../base/operators";
import type { Destination } from "../base/store";
import type { Metadata } from "./labels";

type Policy = k8s.types.input.networking.v1.NetworkPolicySpec;
type Ingress = k8s.types.input.networking.v1.NetworkPolicyIngressRule;
type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** Addresses in rules. All are plain values from the configuration. */
export interface Addresses {
  readonly vpcCidr: string;
  /** The load balancer's subnets. */
  readonly publicCidrs: readonly string[];
  /** The nodes' subnets, which also contain the interface endpoints. */
  readonly privateCidrs: readonly string[];
  /** The system's own isolated subnets, where its data stores are. */
  readonly isolatedCidrs: readonly string[];
  readonly serviceCidr: string;
}

/** Allowed ingress and egress of a workload. The namespace's default deny blocks all other traffic. */
export interface Reach {
  readonly ports: readonly number[];
  /** Whether the load balancer sends it requests. */
  readonly public: boolean;
  /** Port for syslog messages, over TCP and UDP, and the external networks that send them. */
  readonly syslog?: { readonly port: number; readonly sources: readonly string[] } | undefined;
  readonly callers: readonly PodsOf[];
  /** Port that Prometheus scrapes. Default: none. */
  readonly metricsPort?: number | undefined;
  readonly callees: readonly (PodsOf & { readonly ports: readonly number[] })[];
  readonly destinations: readonly Destination[];
  /** Whether it assumes an IAM role. */
  readonly identity: boolean;
}

/** NetworkPolicy of one workload, derived from its references. */
export function workloadPolicy(name: string, reach: Reach, addresses: Addresses): Policy {
  const ingress: Ingress[] = [];
  if (reach.public) ingress.push({ from: blocks(addresses.publicCidrs), ports: tcp(...reach.ports) });
  if (reach.syslog !== undefined) ingress.push(...syslogRules(reach.syslog, addresses));
  if (reach.callers.length > 0) ingress.push({ from: reach.callers.map(peer), ports: tcp(...reach.ports) });
  if (reach.metricsPort !== undefined)
    ingress.push({ from: [peer(prometheusPeer)], ports: tcp(reach.metricsPort) });
  const egress: Egress[] = [
    ...reach.callees.map((callee) => ({ to: [peer(callee)], ports: tcp(...callee.ports) })),
    ...reach.destinations.map((destination) => egressTo(destination, addresses)),
  ];
  if (reach.identity) egress.push(podIdentityAgent);
  return {
    podSelector: named(name),
    policyTypes: ["Ingress", "Egress"],
    // The API server drops empty lists, so they would show as a diff in every update.
    ...(ingress.length > 0 ? { ingress } : {}),
    ...(egress.length > 0 ? { egress } : {}),
  };
}

/** The NetworkPolicy of a workload. */
export function workloadNetworkPolicy(
  parent: Component,
  key: string,
  args: {
    readonly metadata: Metadata;
    readonly reach: Reach;
    readonly release: ReleaseSettings;
    readonly addresses: Addresses;
    readonly namespace: pulumi.Resource;
  },
): void {
  const { metadata, reach, release, addresses, namespace } = args;
  // Before a switch, the controller sends requests to the new version.
  const controller = release.strategy === "blue-green" ? [operatorPeers.argoRollouts] : [];
  const callers = [...reach.callers, ...controller];
  new k8s.networking.v1.NetworkPolicy(
    parent.child(key),
    { metadata, spec: workloadPolicy(metadata.name, { ...reach, callers }, addresses) },
    { ...parent.inside, dependsOn: [namespace] },
  );
}

/** The load balancer preserves client IP addresses; its own addresses only send health checks. */
const syslogRules = ({ port, sources }: NonNullable<Reach["syslog"]>, addresses: Addresses): Ingress[] => [
  { from: sources.map((cidr) => outside(cidr, addresses)), ports: [...tcp(port), { protocol: "UDP", port }] },
  { from: blocks(addresses.publicCidrs), ports: tcp(port) },
];

function egressTo(destination: Destination, addresses: Addresses): Egress {
  const ports = tcp(...destination.ports);
  switch (destination.kind) {
    case "isolated":
      // A rule without peers would allow everything.
      if (addresses.isolatedCidrs.length === 0)
        throw new Error("the workload uses a data store, but there are no isolated subnets");
      return { to: blocks(addresses.isolatedCidrs), ports };
    case "private":
      return { to: blocks(addresses.privateCidrs), ports };
    case "internet":
      return { to: [internet(addresses)], ports };
    case "network":
      return { to: destination.cidrs.map((cidr) => outside(cidr, addresses)), ports };
    case "pods":
      return { to: [peer(destination)], ports };
  }
}
