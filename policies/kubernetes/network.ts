import type { Policies, PolicyResource } from "@pulumi/policy";
import { onType } from "../lib/control";
import { ofType, refersTo } from "../lib/joins";
import { isEverywhere, isWithin, isWithinAny } from "../lib/networks";
import { isLater, isRecord, plain, shown } from "../lib/wire";
import { empty, peerFault, rulesOf, selectsAll, specOf } from "./network-peers";
import { makesPods, namespaceOf } from "./pods";
import { clusterName, onEachCluster } from "./each-cluster";

const type = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const url = "https://kubernetes.io/docs/concepts/services-networking/network-policies/";

/** Whether a subnet is tagged for the load balancers of the cluster with this name, or of any cluster. */
const isOfCluster = ({ props }: PolicyResource, name: string | undefined): boolean => {
  const { tags } = plain(props) as { tags?: unknown };
  const prefix = `kubernetes.io/cluster/${name ?? ""}`;
  return isRecord(tags) && Object.keys(tags).some((key) => (name ? key === prefix : key.startsWith(prefix)));
};

/** The VPC of the cluster, which pods can reach: not one of another region. */
function clusterVpcs(resources: PolicyResource[]): PolicyResource[] {
  const all = ofType(resources, "aws:ec2/vpc:Vpc");
  const name = clusterName(resources);
  const subnets = ofType(resources, "aws:ec2/subnet:Subnet").filter((one) => isOfCluster(one, name));
  const found = all.filter((vpc) => subnets.some((subnet) => refersTo(subnet, "vpcId", vpc, "id")));
  return found.length > 0 ? found : all;
}

/** The stack's own networks: those of its VPC, subnets and Services. */
function ownNetworks(resources: PolicyResource[]): { vpcs: string[]; parts: string[] } {
  const texts = (kind: keyof typeof properties, among = ofType(resources, kind)) =>
    among.flatMap(({ props }) => {
      const found = properties[kind](plain(props) as Record<string, unknown>);
      return typeof found === "string" && !isLater(found) ? [found] : [];
    });
  const properties = {
    "aws:ec2/vpc:Vpc": (props: Record<string, unknown>) => props.cidrBlock,
    "aws:ec2/subnet:Subnet": (props: Record<string, unknown>) => props.cidrBlock,
    "aws:eks/cluster:Cluster": (props: Record<string, unknown>) =>
      isRecord(props.kubernetesNetworkConfig) ? props.kubernetesNetworkConfig.serviceIpv4Cidr : undefined,
  };
  const vpcs = texts("aws:ec2/vpc:Vpc", clusterVpcs(resources));
  // NetworkPolicies allow only single addresses of Services: those of the API server and DNS.
  return { vpcs, parts: texts("aws:ec2/subnet:Subnet") };
}

/** Ports of DNS, the API server and the webhooks that it calls. */
const clusterPorts = new Set<number | string | undefined>([53, 443, 10250]);

/** Addresses of the Pod Identity agent on every node, which are allowed. Those of IMDS and DNS are not. */
const linkLocal = ["169.254.170.23/32", "fd00:ec2::23/128"];

/** Policies for NetworkPolicies. */
export const network: Policies = [
  onType(
    type,
    {
      name: "k8s-network-policy-closed",
      description: "NetworkPolicy rules must set peers and ports.",
      severity: "critical",
      remediation:
        "In each rule, set ports, and as peers the labels of pods and of their namespaces, or networks. For egress to the internet, exclude the VPC with except.",
      url,
    },
    (props, { report }) => {
      const spec = specOf(props);
      for (const { side, index, peers, ports } of rulesOf(spec)) {
        const at = `${side}[${index}]`;
        if (peers.length === 0) report(`${at} has no peers, so it allows all addresses.`);
        if (ports.length === 0) report(`${at} has no ports, so it allows all ports.`);
        for (const { port, endPort } of ports) {
          if (port === undefined || port === 0) report(`${at} allows all ports of a protocol.`);
          if (endPort !== undefined) report(`${at} sets endPort ${endPort}; list the ports instead.`);
        }
        for (const peer of peers) {
          const fault = peerFault(peer, side);
          if (fault) report(`${at} allows ${fault}.`);
        }
      }
    },
  ),
  onType(
    type,
    {
      name: "k8s-network-policy-whole",
      description:
        "NetworkPolicies must set podSelector, and list the directions of all their rules in policyTypes.",
      severity: "high",
      remediation: "Add Ingress, Egress or both to policyTypes, and set podSelector.",
      url,
    },
    (props, { report }) => {
      const spec = specOf(props);
      const types = [...new Set(spec.policyTypes ?? [])];
      if (types.length === 0) report("policyTypes must be set.");
      if (spec.podSelector === undefined) report("podSelector must be set.");
      if ((spec.ingress?.length ?? 0) > 0 && !types.includes("Ingress"))
        report("spec.ingress has rules, but policyTypes is missing Ingress.");
      if ((spec.egress?.length ?? 0) > 0 && !types.includes("Egress"))
        report("spec.egress has rules, but policyTypes is missing Egress.");
      // A NetworkPolicy for some pods may cover one direction. The one for all pods is the default deny.
      if (empty(spec.podSelector) && types.length < 2 && rulesOf(spec).length === 0)
        report(
          `policyTypes is ${shown(types)}; a NetworkPolicy for all pods without rules must list Ingress and Egress.`,
        );
    },
  ),
  onEachCluster(
    {
      name: "k8s-network-policy-pods-named",
      description:
        "NetworkPolicies for all pods of a namespace must only allow traffic that the cluster needs.",
      severity: "high",
      remediation:
        "Select the pods in podSelector. A NetworkPolicy for all pods may allow networks on the ports of DNS, the API server and webhooks and, in namespaces where only charts run, pods of the same namespace.",
      url,
    },
    (resources, report) => {
      const ours = new Set(resources.filter(({ type: kind }) => makesPods(kind)).map(namespaceOf));
      for (const resource of ofType(resources, type)) {
        const spec = specOf(resource.props);
        if (!selectsAll(spec.podSelector)) continue;
        for (const { side, index, peers, ports } of rulesOf(spec)) {
          const ofTheCluster =
            ports.every(({ port }) => clusterPorts.has(port)) &&
            peers.every(({ ipBlock }) => ipBlock !== undefined);
          const withinCharts =
            !ours.has(namespaceOf(resource)) &&
            peers.every(
              ({ ipBlock, namespaceSelector }) => ipBlock === undefined && namespaceSelector === undefined,
            );
          if (ofTheCluster || withinCharts) continue;
          const opened = ports.map(({ port }) => `port ${shown(port)}`).join(", ");
          report(
            `${resource.name}: ${side}[${index}] must not allow ${opened} for all pods of the namespace.`,
            resource.urn,
          );
        }
      }
    },
  ),
  onEachCluster(
    {
      name: "k8s-network-policy-within",
      description: "NetworkPolicies must not allow networks wider than a subnet of the stack.",
      severity: "high",
      remediation:
        "Use the CIDR block of a subnet, the address of a Service, a network that a security group also allows or, for egress, 0.0.0.0/0 with the VPC and 169.254.0.0/16 in except.",
      url,
    },
    (resources, report) => {
      const { vpcs, parts } = ownNetworks(resources);
      if (vpcs.length === 0) return;
      const admitted = new Set(
        ofType(resources, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map(
          (rule) => (plain(rule.props) as { cidrIpv4?: string }).cidrIpv4,
        ),
      );
      for (const { name, urn, props } of ofType(resources, type))
        for (const { side, index, peers } of rulesOf(specOf(props)))
          for (const { ipBlock } of peers) {
            const cidr = ipBlock?.cidr;
            if (cidr === undefined || isLater(cidr)) continue;
            const single = /\/(32|128)$/.test(cidr);
            if (single && (isWithinAny(cidr, linkLocal) || !isWithin(cidr, "169.254.0.0/16"))) continue;
            if (isWithinAny(cidr, parts)) continue;
            // Egress to an external network: named by its CIDR, and not overlapping ours.
            const apart = !vpcs.some((vpc) => isWithin(vpc, cidr) || isWithin(cidr, vpc));
            const bounded = isWithinAny(cidr, [cidr.replace(/\/\d+$/, cidr.includes(":") ? "/48" : "/16")]);
            if (side === "egress" && apart && bounded && !isWithin(cidr, "169.254.0.0/16")) continue;
            const spared = ipBlock?.except ?? [];
            const left = [...vpcs, "169.254.0.0/16"].filter((own) => !isWithinAny(own, spared));
            // External clients of a load balancer with client IP preservation, and no others.
            const known = admitted.has(cidr) && (apart || left.length === 0);
            if (side === "ingress" && known) continue;
            const world = side === "egress" && isEverywhere(cidr);
            if (world && left.length === 0) continue;
            const why = world
              ? `except must contain ${left.join(" and ")}`
              : "it must be within a subnet of the stack";
            report(`${name}: ${side}[${index}] allows ${cidr}; ${why}.`, urn);
          }
    },
  ),
  onEachCluster(
    {
      name: "k8s-network-policies-enforced",
      description: "EKS clusters with NetworkPolicies must enforce them.",
      severity: "critical",
      remediation:
        'Set enable-network-policy-controller to "true" in the ConfigMap amazon-vpc-cni in the namespace kube-system.',
      url: "https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html",
    },
    (resources, report) => {
      const [first] = ofType(resources, type);
      const clusters = ofType(resources, "aws:eks/cluster:Cluster");
      if (!first || clusters.length === 0) return;
      const on = resources.some(({ type: kind, props }) => {
        if (!/^kubernetes:core\/v1:ConfigMap(Patch)?$/.test(kind)) return false;
        const { metadata, data } = plain(props) as {
          metadata?: { name?: string; namespace?: string };
          data?: Record<string, string>;
        };
        return (
          metadata?.name === "amazon-vpc-cni" &&
          metadata.namespace === "kube-system" &&
          data?.["enable-network-policy-controller"] === "true"
        );
      });
      if (!on)
        report(
          "the network policy controller is not enabled, so NetworkPolicies have no effect.",
          clusters[0]?.urn,
        );
    },
  ),
];
