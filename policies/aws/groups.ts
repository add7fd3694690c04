import type { Policies } from "@pulumi/policy";
import { type KnownTypes, onStack, onTypes } from "../lib/control";
import { natInstances, ofType, refersTo } from "../lib/joins";
import { isEverywhere, isWithinAny, portRange } from "../lib/networks";
import { isGiven, isLater, plain, shown } from "../lib/wire";

const url = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html";
const rules = [
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
];
const older = "aws:ec2/securityGroupRule:SecurityGroupRule";
type Rule = Omit<KnownTypes["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"], "tags">;

/** Maximum number of ports in one security group rule. */
const widest = 10;

/** Ports that a NAT instance may forward to the internet: HTTPS and SMTP. */
const forwarded = [443, 25, 465, 587, 2525];

/** Security group rules: ports and sources. Ports open to the internet are in `ingress.ts`. */
export const groups: Policies = [
  onTypes<Rule>(
    rules,
    {
      name: "ec2-rule-bounded",
      description:
        "Security group rules must set a protocol, a small port range and one source or destination.",
      severity: "high",
      remediation:
        "Set ipProtocol to tcp or udp, fromPort and toPort, and one of referencedSecurityGroupId, cidrIpv4, cidrIpv6 and prefixListId.",
      url,
    },
    (rule, { report }) => {
      const { ipProtocol, fromPort, toPort } = plain(rule) as Rule;
      const ends = ["referencedSecurityGroupId", "cidrIpv4", "cidrIpv6", "prefixListId"] as const;
      const set = ends.filter((end) => isGiven(rule, end));
      if (set.length !== 1)
        report(
          `${set.length === 0 ? "no source or destination is" : `${set.join(" and ")} are`} set; exactly one of ${ends.join(", ")} must be set.`,
        );
      if (!isGiven(rule, "securityGroupId")) report("securityGroupId must be set.");
      if (!/^(tcp|udp|6|17)$/.test(String(ipProtocol)) && !isLater(ipProtocol))
        return report(`ipProtocol is ${shown(ipProtocol)}; it must be "tcp" or "udp".`);
      const [from, to] = [Number(fromPort), Number(toPort)];
      if (!isLater(fromPort) && !isLater(toPort) && !(from > 0 && to >= from && to - from < widest))
        report(
          `fromPort is ${shown(fromPort)} and toPort is ${shown(toPort)}; a rule must open 1 to ${widest} ports.`,
        );
    },
  ),
  onStack(
    {
      name: "ec2-rule-within",
      description: "Security group rules must be limited to networks of the VPC.",
      severity: "high",
      remediation:
        "Set referencedSecurityGroupId, or a CIDR block of the VPC. Also allowed are egress to the internet on ports 80 and 443 if the VPC has no interface endpoints; ingress to load balancers from the internet on ports 80 and 443, and from other networks on ports 514 and 6514; and egress of NAT instances to known networks, and to the internet on HTTPS and mail ports.",
      url,
    },
    (resources, report) => {
      const vpcs = ofType(resources, "aws:ec2/vpc:Vpc").flatMap(({ props }) => {
        const { cidrBlock } = plain(props) as { cidrBlock?: string };
        return cidrBlock === undefined || isLater(cidrBlock) ? [] : [cidrBlock];
      });
      if (vpcs.length === 0) return;
      // With interface endpoints, AWS services need no internet egress. Only load balancers serve the internet.
      const has = (wanted: RegExp, kind: string) =>
        resources.some(({ type, props }) => {
          const { vpcEndpointType = kind } = plain(props) as { vpcEndpointType?: string };
          return wanted.test(type) && vpcEndpointType === kind;
        });
      const endpoints = has(/^aws:ec2\/vpcEndpoint:/, "Interface");
      const balancers = has(/^aws:a?lb\/loadBalancer:/, "");
      const routers = natInstances(resources);
      const routing = ofType(resources, "aws:ec2/securityGroup:SecurityGroup").filter((group) =>
        routers.some((router) => refersTo(router, "vpcSecurityGroupIds", group, "id")),
      );
      for (const one of resources) {
        const { type, name, urn, props } = one;
        if (!rules.includes(type) && type !== older) continue;
        const rule = plain(props) as Rule & { cidrBlocks?: string[]; ipv6CidrBlocks?: string[] };
        const cidrs = [
          rule.cidrIpv4,
          rule.cidrIpv6,
          ...(rule.cidrBlocks ?? []),
          ...(rule.ipv6CidrBlocks ?? []),
        ];
        for (const cidr of cidrs) {
          if (cidr === undefined || isLater(cidr) || isWithinAny(cidr, vpcs)) continue;
          const web = rule.fromPort === rule.toPort && (rule.fromPort === 443 || rule.fromPort === 80);
          const out = type.includes("Egress") || (rule as { type?: string }).type === "egress";
          const syslog = rule.fromPort === rule.toPort && (rule.fromPort === 514 || rule.fromPort === 6514);
          // A NAT instance forwards to known networks, and mail and HTTPS to the internet. It accepts no ingress from outside.
          if (routing.some((group) => refersTo(one, "securityGroupId", group, "id"))) {
            const forwards = !isEverywhere(cidr) || forwarded.includes(Number(rule.toPort));
            if (!out || rule.fromPort !== rule.toPort || !forwards)
              report(
                `${name} allows ${cidr}, which is outside the VPC, on ${portRange(rule.fromPort, rule.toPort)}.`,
                urn,
              );
            continue;
          }
          // ec2-world-ports decides whether syslog is open to the internet.
          if (syslog && !out && balancers) continue;
          if (isEverywhere(cidr) && web && (out ? !endpoints : balancers)) continue;
          report(
            `${name} allows ${cidr}, which is outside the VPC, on ${portRange(rule.fromPort, rule.toPort)}.`,
            urn,
          );
        }
      }
    },
  ),
];
