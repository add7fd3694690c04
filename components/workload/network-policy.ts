import type * as k8s from "@pulumi/kubernetes";
import { ip2long, long2ip, Netmask } from "netmask";
import type { Destination } from "../store";
import { selector } from "./labels";

type Policy = k8s.types.input.networking.v1.NetworkPolicySpec;
type Ingress = k8s.types.input.networking.v1.NetworkPolicyIngressRule;
type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** Addresses that rules speak of. All are plain: they follow from config. */
export interface Addresses {
  readonly vpcCidr: string;
  /** The load balancer's subnets. */
  readonly publicCidrs: readonly string[];
  /** The databases' subnets. */
  readonly isolatedCidrs: readonly string[];
  readonly serviceCidr: string;
}

/** Pods by name space and name. */
export interface Peer {
  readonly namespace: string;
  readonly name: string;
}

const peer = ({ namespace, name }: Peer) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  podSelector: { matchLabels: selector(name) },
});

const blocks = (cidrs: readonly string[]) => cidrs.map((cidr) => ({ ipBlock: { cidr } }));
const tcp = (ports: readonly number[]) => ports.map((port) => ({ protocol: "TCP", port }));

/** Where the EKS Pod Identity agent answers on every node. Source: EKS user guide, Pod Identity considerations. */
const podIdentityAgent = { cidr: "169.254.170.23/32", port: 80 };
const linkLocal = "169.254.0.0/16";

/** What a workload may be reached by, and what it may reach; all else stays shut by the namespace's default deny. */
export interface Reach {
  readonly ports: readonly number[];
  /** The load balancer sends it requests. */
  readonly public: boolean;
  readonly callers: readonly Peer[];
  readonly callees: readonly (Peer & { readonly ports: readonly number[] })[];
  readonly destinations: readonly Destination[];
  /** It takes on an IAM role. */
  readonly identity: boolean;
}

/** NetworkPolicy of one workload, from its wiring alone. */
export function workloadPolicy(name: string, reach: Reach, addresses: Addresses): Policy {
  const ingress: Ingress[] = [];
  if (reach.public) ingress.push({ from: blocks(addresses.publicCidrs), ports: tcp(reach.ports) });
  if (reach.callers.length > 0) ingress.push({ from: reach.callers.map(peer), ports: tcp(reach.ports) });
  const egress: Egress[] = [
    ...reach.callees.map((callee) => ({ to: [peer(callee)], ports: tcp(callee.ports) })),
    ...reach.destinations.map((destination) => egressTo(destination, addresses)),
  ];
  if (reach.identity)
    egress.push({ to: blocks([podIdentityAgent.cidr]), ports: tcp([podIdentityAgent.port]) });
  return {
    podSelector: { matchLabels: selector(name) },
    policyTypes: ["Ingress", "Egress"],
    ingress,
    egress,
  };
}

function egressTo(destination: Destination, addresses: Addresses): Egress {
  const ports = tcp(destination.ports);
  switch (destination.kind) {
    case "isolated":
      return { to: blocks(addresses.isolatedCidrs), ports };
    case "internet":
      return { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [addresses.vpcCidr, linkLocal] } }], ports };
    case "pods":
      return { to: [peer(destination)], ports };
  }
}

/** Shuts a name space: nothing in, nothing out. */
export const defaultDeny: Policy = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

/**
 * Opens DNS for every pod of a name space. On Auto Mode nodes CoreDNS is a service of the node and no pod, so its
 * address, the tenth of the Service range, is all there is to name.
 */
export const allowDns = ({ serviceCidr }: Addresses): Policy => ({
  podSelector: {},
  policyTypes: ["Egress"],
  egress: [
    {
      to: blocks([`${long2ip(ip2long(new Netmask(serviceCidr).base) + 10)}/32`]),
      ports: [
        { protocol: "UDP", port: 53 },
        { protocol: "TCP", port: 53 },
      ],
    },
  ],
});
