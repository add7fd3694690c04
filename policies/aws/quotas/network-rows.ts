import { type FixedQuota, document, type RaisedQuota, regional } from "./quota";
import { certificates, having, items, rules, targetGroups } from "./counts";

/**
 * Network interfaces get the security groups of the resource that has them. Source: Amazon VPC user guide, quotas, security
 * groups.
 */
const groupsOf: readonly (readonly [type: string, path: string])[] = [
  ["aws:rds/instance:Instance", "vpcSecurityGroupIds"],
  ["aws:rds/proxy:Proxy", "vpcSecurityGroupIds"],
  ["aws:ec2/instance:Instance", "vpcSecurityGroupIds"],
  ["aws:elasticache/replicationGroup:ReplicationGroup", "securityGroupIds"],
  ["aws:ec2/vpcEndpoint:VpcEndpoint", "securityGroupIds"],
  ["aws:lambda/function:Function", "vpcConfig.securityGroupIds"],
  ["aws:opensearch/domain:Domain", "vpcOptions.securityGroupIds"],
  ["aws:lb/loadBalancer:LoadBalancer", "securityGroups"],
  ["aws:efs/mountTarget:MountTarget", "securityGroups"],
];

/** Sources: the quotas' pages of Amazon VPC and AWS PrivateLink. */
export const network: readonly (FixedQuota | RaisedQuota)[] = [
  ...(["Ingress", "Egress"] as const).map((way) =>
    regional(
      "vpc",
      "L-0EA8095F",
      60,
      `${way === "Ingress" ? "inbound" : "outbound"} rules of a security group`,
      `aws:vpc/securityGroup${way}Rule:SecurityGroup${way}Rule`,
      { of: "securityGroupId" },
    ),
  ),
  ...groupsOf.map(([type, path]) =>
    regional("vpc", "L-2AFB9258", 5, "security groups of a network interface", type, {
      of: "itself",
      counts: items(path),
    }),
  ),
  regional("vpc", "L-E79EC296", 2500, "security groups in the region", "aws:ec2/securityGroup:SecurityGroup"),
  regional("vpc", "L-407747CB", 200, "subnets of a VPC", "aws:ec2/subnet:Subnet", { of: "vpcId" }),
  regional("vpc", "L-589F43AA", 200, "route tables of a VPC", "aws:ec2/routeTable:RouteTable", {
    of: "vpcId",
  }),
  regional("vpc", "L-29B6F2EB", 50, "interface endpoints of a VPC", "aws:ec2/vpcEndpoint:VpcEndpoint", {
    of: "vpcId",
    counts: having("vpcEndpointType", "Interface"),
  }),
  regional("vpc", "L-1B52E74A", 20, "gateway endpoints in the region", "aws:ec2/vpcEndpoint:VpcEndpoint", {
    counts: having("vpcEndpointType", "Gateway"),
  }),
  document("a VPC endpoint's policy", 20_480, "aws:ec2/vpcEndpoint:VpcEndpoint", "policy", "L-3248932A"),
];

/** Sources: the quotas' pages of Elastic Load Balancing, Amazon Route 53, ACM and Amazon CloudFront. */
export const edge: readonly (FixedQuota | RaisedQuota)[] = [
  regional(
    "elasticloadbalancing",
    "L-7EED9B64",
    100,
    "rules of the load balancer",
    "kubernetes:networking.k8s.io/v1:Ingress",
    { counts: rules },
  ),
  regional(
    "elasticloadbalancing",
    "L-9365A611",
    // The first is the listener's own, which doesn't count.
    26,
    "certificates of the load balancer, with the listener's own",
    "kubernetes:networking.k8s.io/v1:Ingress",
    { counts: certificates },
  ),
  {
    what: "target groups of the load balancer",
    most: 100,
    code: "L-822D1B1B",
    type: "kubernetes:networking.k8s.io/v1:Ingress",
    counts: targetGroups,
    instead:
      "expose fewer workloads, or release them with `rolling`, which needs one target group instead of two",
  },
  {
    what: "listeners of a network load balancer",
    most: 50,
    code: "L-57A373D6",
    type: "aws:lb/listener:Listener",
    of: "loadBalancerArn",
    instead: "use fewer ports",
  },
  regional("route53", "L-E209CC9F", 10_000, "records of a hosted zone", "aws:route53/record:Record", {
    of: "zoneId",
  }),
  regional("route53", "L-ACB674F3", 200, "health checks", "aws:route53/healthCheck:HealthCheck", {
    of: "account",
  }),
  regional("acm", "L-F141DD1D", 2500, "certificates in the region", "aws:acm/certificate:Certificate"),
  regional("cloudfront", "L-24B04930", 200, "distributions", "aws:cloudfront/distribution:Distribution", {
    of: "account",
  }),
  regional("cloudfront", "L-7D134442", 20, "cache policies", "aws:cloudfront/cachePolicy:CachePolicy", {
    of: "account",
  }),
  regional(
    "cloudfront",
    "L-CF0D4FC5",
    20,
    "response headers policies",
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
    { of: "account" },
  ),
];
