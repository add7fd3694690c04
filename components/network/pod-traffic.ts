import type * as k8s from "@pulumi/kubernetes";
import { ip2long, long2ip, Netmask } from "netmask";

type Policy = k8s.types.input.networking.v1.NetworkPolicySpec;
type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** Peers and policies that every namespace's rules are made of. All addresses are plain: they follow from config. */

export const tcp = (...ports: number[]) => ports.map((port) => ({ protocol: "TCP", port }));

/** Pods of one name, by namespace. */
export interface PodsOf {
  readonly namespace: string;
  readonly name: string;
}

/** Pods of this name, in the policy's own namespace. */
export const named = (name: string) => ({ matchLabels: { "app.kubernetes.io/name": name } });

/** Pods as a peer, wherever the policy stands. */
export const peer = ({ namespace, name }: PodsOf): Peer => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  podSelector: named(name),
});

export const blocks = (cidrs: readonly string[]): Peer[] => cidrs.map((cidr) => ({ ipBlock: { cidr } }));

/** Metadata services and the nodes' own agents: never part of the internet. */
const linkLocal = "169.254.0.0/16";

/** Ranges of the VPC and of the cluster's Services, whose addresses lie nowhere. */
export interface OwnRanges {
  readonly vpcCidr: string;
  readonly serviceCidr: string;
}

/**
 * A range outside the VPC. Where it is so wide that it contains the VPC, the VPC stays closed, and so do the cluster's
 * Services: policies see their addresses, and not those of the pods behind.
 */
export function outside(cidr: string, { vpcCidr, serviceCidr }: OwnRanges): Peer {
  const range = new Netmask(cidr);
  const except = [vpcCidr, serviceCidr, linkLocal].filter((own) => range.contains(own));
  return { ipBlock: { cidr, ...(except.length > 0 ? { except } : {}) } };
}

/** The world outside the VPC. */
export const internet = (own: OwnRanges): Peer => outside("0.0.0.0/0", own);

/** The EKS Pod Identity agent, on every node. Source: EKS user guide, Pod Identity considerations. */
export const podIdentityAgent: Egress = { to: blocks(["169.254.170.23/32"]), ports: tcp(80) };

const address = (cidr: string, index: number) => `${long2ip(ip2long(new Netmask(cidr).base) + index)}/32`;

/**
 * The API server: the first address of the Service range, and behind it addresses in the control plane's subnets.
 * Kubernetes leaves open which of the two a policy sees.
 */
export const apiServer = (serviceCidr: string, controlPlaneCidrs: readonly string[]): Egress => ({
  to: blocks([address(serviceCidr, 1), ...controlPlaneCidrs]),
  ports: tcp(443),
});

/** Denies all traffic of a namespace, in and out. */
export const defaultDeny: Policy = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

/**
 * Allows DNS forevery pod of a namespace. On Auto Mode nodes CoreDNS is a service of the node and no pod, so its
 * address, the tenth of the Service range, is all there is to name.
 */
export const allowDns = (serviceCidr: string): Policy => ({
  podSelector: {},
  policyTypes: ["Egress"],
  egress: [
    {
      to: blocks([address(serviceCidr, 10)]),
      ports: [
        { protocol: "UDP", port: 53 },
        { protocol: "TCP", port: 53 },
      ],
    },
  ],
});
