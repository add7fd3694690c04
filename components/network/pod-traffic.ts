import type * as k8s from "@pulumi/kubernetes";
import { ip2long, long2ip, Netmask } from "netmask";
import { httpsPort } from "../base/ports";

type Policy = k8s.types.input.networking.v1.NetworkPolicySpec;
type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type Egress = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** Peers and rules for network policies. All addresses are plain values, derived from the configuration. */

export const tcp = (...ports: number[]) => ports.map((port) => ({ protocol: "TCP", port }));

/** Pods with one `app.kubernetes.io/name` in a namespace. */
export interface PodsOf {
  readonly namespace: string;
  readonly name: string;
}

/** Selects pods with this name in the policy's own namespace. */
export const named = (name: string) => ({ matchLabels: { "app.kubernetes.io/name": name } });

/** Pods as a peer of a policy in any namespace. */
export const peer = ({ namespace, name }: PodsOf): Peer => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  podSelector: named(name),
});

export const blocks = (cidrs: readonly string[]): Peer[] => cidrs.map((cidr) => ({ ipBlock: { cidr } }));

/** Metadata services and the nodes' agents: always excluded from the internet. */
const linkLocal = "169.254.0.0/16";

/** Ranges of the VPC and of the cluster's Services (virtual addresses). */
export interface OwnRanges {
  readonly vpcCidr: string;
  readonly serviceCidr: string;
}

/**
 * A range outside the VPC. If it contains the VPC, the VPC is excepted, and so are the cluster's Services: policies may
 * see a Service's address instead of its pods'.
 */
export function outside(cidr: string, { vpcCidr, serviceCidr }: OwnRanges): Peer {
  const range = new Netmask(cidr);
  const except = [vpcCidr, serviceCidr, linkLocal].filter((own) => range.contains(own));
  return { ipBlock: { cidr, ...(except.length > 0 ? { except } : {}) } };
}

/** The internet: everything outside the VPC. */
export const internet = (own: OwnRanges): Peer => outside("0.0.0.0/0", own);

/** HTTPS to the internet, which includes AWS APIs and public registries. */
export const httpsToInternet = (own: OwnRanges): Egress => ({ to: [internet(own)], ports: tcp(httpsPort) });

/** The EKS Pod Identity agent, on every node. Source: EKS user guide, Pod Identity considerations. */
export const podIdentityAgent: Egress = { to: blocks(["169.254.170.23/32"]), ports: tcp(80) };

const address = (cidr: string, index: number) => `${long2ip(ip2long(new Netmask(cidr).base) + index)}/32`;

/**
 * The API server: the first address of the Service range, and its endpoints in the control plane's subnets. Kubernetes
 * doesn't define which of the two a policy sees.
 */
export const apiServer = (serviceCidr: string, controlPlaneCidrs: readonly string[]): Egress => ({
  to: blocks([address(serviceCidr, 1), ...controlPlaneCidrs]),
  ports: tcp(httpsPort),
});

/** Denies all ingress and egress of a namespace. */
export const defaultDeny: Policy = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

/**
 * Allows DNS for every pod of a namespace. On Auto Mode nodes CoreDNS is a node service and not a pod, so only its
 * address, the tenth of the Service range, can be selected.
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
