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

/** Whether the load balancers of a cluster may use a subnet: of the one with this name, or of any. */
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
  // Policies name only single Service addresses: those of the API server and of DNS.
  return { vpcs, parts: texts("aws:ec2/subnet:Subnet") };
}

/** Ports of DNS, the API server and the webhooks that it calls. */
const clusterPorts = new Set<number | string | undefined>([53, 443, 10250]);

/** The Pod Identity agent's addresses on every node, which are allowed; metadata and DNS are not. */
const linkLocal = ["169.254.170.23/32", "fd00:ec2::23/128"];

/** Rules on network policies. */
export const network: Policies = [
  onType(
    type,
    {
      name: "k8s-network-policy-closed",
      description: "A network policy names both ends and the port of what it opens.",
      severity: "critical",
      remediation:
        "Give each rule peers and ports: labels of pods and of named namespaces, or networks; egress to the internet excludes the VPC by `except`.",
      url,
    },
    (props, { report }) => {
      const spec = specOf(props);
      for (const { side, index, peers, ports } of rulesOf(spec)) {
        const at = `${side}[${index}]`;
        if (peers.length === 0) report(`${at} is open to everyone: it names no peer.`);
        if (ports.length === 0) report(`${at} is open on every port.`);
        for (const { port, endPort } of ports) {
          if (port === undefined || port === 0) report(`${at} is open on every port of a protocol.`);
          if (endPort !== undefined) report(`${at} opens a range of ports, to ${endPort}; list them.`);
        }
        for (const peer of peers) {
          const fault = peerFault(peer, side);
          if (fault) report(`${at} is open to ${fault}.`);
        }
      }
    },
  ),
  onType(
    type,
    {
      name: "k8s-network-policy-whole",
      description: "A network policy sets policyTypes for each direction that it has rules for.",
      severity: "high",
      remediation: "List Ingress, Egress or both in policyTypes, and set podSelector.",
      url,
    },
    (props, { report }) => {
      const spec = specOf(props);
      const types = [...new Set(spec.policyTypes ?? [])];
      if (types.length === 0) report("policyTypes is not set.");
      if (spec.podSelector === undefined) report("podSelector is not set.");
      if ((spec.ingress?.length ?? 0) > 0 && !types.includes("Ingress"))
        report("it has ingress rules, but policyTypes lacks Ingress.");
      if ((spec.egress?.length ?? 0) > 0 && !types.includes("Egress"))
        report("it has egress rules, but policyTypes lacks Egress.");
      // A policy for some pods may cover one direction; the one for all pods is the namespace's default deny.
      if (empty(spec.podSelector) && types.length < 2 && rulesOf(spec).length === 0)
        report(`it denies all pods ${shown(types)} only.`);
    },
  ),
  onEachCluster(
    {
      name: "k8s-network-policy-pods-named",
      description:
        "A network policy for all pods of a namespace opens what the cluster itself needs, and no more.",
      severity: "high",
      remediation:
        "Name the pods in podSelector. For all pods a policy may open networks on the ports of DNS, the API server and webhooks; where only charts run, pods of the same namespace, too.",
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
          const opened = ports.map(({ port }) => shown(port)).join(", ");
          report(`${resource.name}: ${side}[${index}] opens ${opened} for all pods.`, resource.urn);
        }
      }
    },
  ),
  onEachCluster(
    {
      name: "k8s-network-policy-within",
      description: "No network policy opens a network wider than one of the stack's own subnets.",
      severity: "high",
      remediation:
        "Use the CIDR of a subnet, single addresses of Services, a network that a security group also allows, or 0.0.0.0/0 for egress with `except` for the VPC and 169.254.0.0/16.",
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
              ? `its except lacks ${left.join(" and ")}`
              : "it is within no subnet of the stack";
            report(`${name}: ${side}[${index}] opens ${cidr}; ${why}.`, urn);
          }
    },
  ),
  onEachCluster(
    {
      name: "k8s-network-policies-enforced",
      description: "A cluster with network policies has their enforcement enabled.",
      severity: "critical",
      remediation:
        'Set enable-network-policy-controller: "true" in the ConfigMap amazon-vpc-cni of kube-system.',
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
      if (!on) report("the controller is off, so no network policy is enforced.", clusters[0]?.urn);
    },
  ),
];
