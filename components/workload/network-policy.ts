import type * as k8s from "@pulumi/kubernetes";
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
import { prometheusPeer } from "../base/operators";
import type { Destination } from "../base/store";

type Policy = k8s.types.input.networking.v1.NetworkPolicySpec;
type Ingress = k8s.types.input.networking.v1.NetworkPolicyIngressRule;
type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** Addresses that rules speak of. All are plain: they follow from config. */
export interface Addresses {
  readonly vpcCidr: string;
  /** The load balancer's subnets. */
  readonly publicCidrs: readonly string[];
  /** The nodes' subnets, in which interface endpoints stand too. */
  readonly privateCidrs: readonly string[];
  /** The isolated subnets of the system itself, where its data stores are: no other system's are among them. */
  readonly isolatedCidrs: readonly string[];
  readonly serviceCidr: string;
}

/** What a workload may be reached by, and what it may reach; the namespace's default deny closes all else. */
export interface Reach {
  readonly ports: readonly number[];
  /** The load balancer sends it requests. */
  readonly public: boolean;
  /** Port on which it takes syslog messages, over TCP and UDP, and networks outside that send them. */
  readonly syslog?: { readonly port: number; readonly sources: readonly string[] } | undefined;
  readonly callers: readonly PodsOf[];
  /** Port on which Prometheus asks for metrics. Default: it doesn't. */
  readonly metricsPort?: number | undefined;
  readonly callees: readonly (PodsOf & { readonly ports: readonly number[] })[];
  readonly destinations: readonly Destination[];
  /** It assumes an IAM role. */
  readonly identity: boolean;
}

/** NetworkPolicy of one workload, from its wiring alone. */
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
    // The API server keeps no empty lists: written down, they would change the object with every update.
    ...(ingress.length > 0 ? { ingress } : {}),
    ...(egress.length > 0 ? { egress } : {}),
  };
}

/** The load balancer keeps the senders' addresses; its own come with health checks alone. */
const syslogRules = ({ port, sources }: NonNullable<Reach["syslog"]>, addresses: Addresses): Ingress[] => [
  { from: sources.map((cidr) => outside(cidr, addresses)), ports: [...tcp(port), { protocol: "UDP", port }] },
  { from: blocks(addresses.publicCidrs), ports: tcp(port) },
];

function egressTo(destination: Destination, addresses: Addresses): Egress {
  const ports = tcp(...destination.ports);
  switch (destination.kind) {
    case "isolated":
      // A rule without peers would open everything.
      if (addresses.isolatedCidrs.length === 0) throw new Error("a data store, and no isolated subnets");
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
