import type { Policies } from "@pulumi/policy";
import { type Control, type KnownTypes, onTypes } from "../lib/control";
import { portRange } from "../lib/networks";

const modern = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const older = "aws:ec2/securityGroupRule:SecurityGroupRule";
const url = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html";

/** Administrative ports: SSH, Telnet, RDP, WinRM, Kubernetes API and kubelet, etcd. */
const adminPorts = [22, 23, 3389, 5985, 5986, 6443, 10250, 2379, 2380];
/**
 * Data ports: NFS, PostgreSQL and PgBouncer, MySQL, SQL Server, Oracle, Redis, MongoDB, Elasticsearch and OpenSearch,
 * Memcached, NATS, Kafka, RabbitMQ, Cassandra.
 */
const dataPorts = [
  2049, 5432, 6432, 3306, 1433, 1521, 6379, 6380, 27017, 9200, 9300, 11211, 4222, 6222, 8222, 9092, 5671,
  5672, 9042,
];

type Rule = KnownTypes[typeof modern] & KnownTypes[typeof older];

/** Ports and sources of an ingress rule. */
interface Opening {
  from: number;
  to: number;
  sources: string[];
}

/** Networks with a shorter prefix count as the internet. */
const leastBits = { v4: 8, v6: 16 };

function isWorld(cidr: string): boolean {
  const bits = Number(cidr.split("/")[1] ?? "128");
  return bits < (cidr.includes(":") ? leastBits.v6 : leastBits.v4);
}

/** Ports that a rule opens to the internet; undefined if none, or for egress rules. */
function worldOpening(rule: Rule, type: string): Opening | undefined {
  if (type === older && rule.type !== "ingress") return undefined;
  const cidrs = [rule.cidrIpv4, rule.cidrIpv6, ...(rule.cidrBlocks ?? []), ...(rule.ipv6CidrBlocks ?? [])];
  const sources = cidrs.filter((cidr) => cidr !== undefined && isWorld(cidr)) as string[];
  if (sources.length === 0) return undefined;
  const protocol = String(rule.ipProtocol ?? rule.protocol);
  const everyPort =
    protocol === "-1" || protocol === "all" || rule.fromPort === undefined || rule.fromPort === -1;
  return {
    from: everyPort ? 0 : (rule.fromPort ?? 0),
    to: everyPort ? 65535 : (rule.toPort ?? 65535),
    sources,
  };
}

const within = ({ from, to }: Opening, ports: number[]) => ports.filter((port) => port >= from && port <= to);

function onOpenings<C extends object = object>(
  control: Control<C>,
  fault: (opening: Opening, settings: C) => string | undefined,
) {
  return onTypes<Rule, C>(
    (type) => type === modern || type === older,
    control,
    (rule, { args, settings, report }) => {
      const opening = worldOpening(rule, args.type);
      const found = opening && fault(opening, settings);
      if (opening && found)
        report(
          `the rule allows ${opening.sources.join(", ")} on ${portRange(opening.from, opening.to)}; ${found}.`,
        );
    },
  );
}

/** Ingress from the internet in security groups. */
export const ingress: Policies = [
  onOpenings(
    {
      name: "ec2-no-world-to-data",
      description: "Security groups must not allow ingress from the internet to data store ports.",
      severity: "critical",
      remediation: "Set referencedSecurityGroupId to the security group of the clients.",
      url,
    },
    (opening) => {
      const hit = within(opening, dataPorts);
      return hit.length > 0 ? `data store ports are not allowed (${hit.join(", ")})` : undefined;
    },
  ),
  onOpenings(
    {
      name: "ec2-no-world-to-admin",
      description: "Security groups must not allow ingress from the internet to remote administration ports.",
      severity: "critical",
      remediation: "Use Session Manager, or allow known networks only.",
      url,
    },
    (opening) => {
      const hit = within(opening, adminPorts);
      return hit.length > 0 ? `remote administration ports are not allowed (${hit.join(", ")})` : undefined;
    },
  ),
  onOpenings(
    {
      name: "ec2-world-ports",
      description: "Security groups must allow ingress from the internet to authorized ports only.",
      severity: "high",
      remediation:
        "Limit the source or the ports of the rule, or add the port to this policy's allowedPorts setting.",
      url,
      settings: {
        allowedPorts: {
          type: "array",
          items: { type: "integer" },
          description: "Ports that may be open to the internet.",
          default: [80, 443],
        },
      },
    },
    (opening, { allowedPorts }) => {
      const allowed = within(opening, allowedPorts).length === opening.to - opening.from + 1;
      return allowed ? undefined : `allowed are ${allowedPorts.join(", ")}`;
    },
  ),
];
