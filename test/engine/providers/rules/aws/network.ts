import { refuse, type Rules } from "../../rule";
import type { Values } from "../../wire";

const vpc = "aws:ec2/vpc:Vpc";
const subnet = "aws:ec2/subnet:Subnet";
const securityGroup = "aws:ec2/securityGroup:SecurityGroup";
const routeTable = "aws:ec2/routeTable:RouteTable";

const cidr = /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/;
const isCidr = (property: string) => (values: Values) =>
  values[property] === undefined || cidr.test(String(values[property]))
    ? []
    : [refuse(property, `"${String(values[property])}" isn't a network in CIDR notation`)];

/** A security group rule has exactly one source or destination. */
const onePeer = (values: Values) => {
  const peers = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];
  const given = peers.filter((peer) => values[peer] !== undefined);
  return given.length > 1
    ? [refuse(given[1] ?? "", `give one of ${peers.join(", ")}, not ${given.join(" and ")}`)]
    : [];
};

const groupRule = {
  id: "sgr-{hex17}",
  arn: "arn:aws:ec2:{region}:{account}:security-group-rule/{id}",
  outputs: { securityGroupRuleId: "{id}" },
  replace: ["securityGroupId"],
  refs: { securityGroupId: securityGroup, referencedSecurityGroupId: securityGroup },
  check: onePeer,
};

/** Networks: VPCs and their parts. */
export const networkRules: Rules = {
  [vpc]: {
    id: "vpc-{hex17}",
    arn: "arn:aws:ec2:{region}:{account}:vpc/{id}",
    replace: ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"],
    defaults: { enableDnsSupport: true, instanceTenancy: "default" },
    outputs: {
      mainRouteTableId: "rtb-{hex17}",
      defaultSecurityGroupId: "sg-{hex17}",
      defaultNetworkAclId: "acl-{hex17}",
      defaultRouteTableId: "{mainRouteTableId}",
      dhcpOptionsId: "dopt-{hex17}",
      ownerId: "{account}",
    },
    held: true,
    check: isCidr("cidrBlock"),
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    id: "sg-{hex17}",
    arn: "arn:aws:ec2:{region}:{account}:security-group/{id}",
    replace: ["vpcId"],
    refs: { vpcId: vpc },
    unordered: ["ingress", "egress"],
  },
  [subnet]: {
    id: "subnet-{hex17}",
    arn: "arn:aws:ec2:{region}:{account}:subnet/{id}",
    replace: [
      "vpcId",
      "cidrBlock",
      "availabilityZone",
      "availabilityZoneId",
      "ipv4IpamPoolId",
      "ipv4NetmaskLength",
      "ipv6IpamPoolId",
      "ipv6Native",
      "ipv6NetmaskLength",
      "outpostArn",
    ],
    defaults: { mapPublicIpOnLaunch: false },
    outputs: { availabilityZoneId: "az-{hex4}", ownerId: "{account}" },
    refs: { vpcId: vpc },
    held: true,
    check: isCidr("cidrBlock"),
  },
  "aws:ec2/internetGateway:InternetGateway": {
    id: "igw-{hex17}",
    arn: "arn:aws:ec2:{region}:{account}:internet-gateway/{id}",
    outputs: { ownerId: "{account}" },
    refs: { vpcId: vpc },
    held: true,
  },
  "aws:ec2/eip:Eip": {
    id: "eipalloc-{hex17}",
    arn: "arn:aws:ec2:{region}:{account}:elastic-ip/{id}",
    replace: ["address", "domain", "ipamPoolId", "publicIpv4Pool", "networkBorderGroup"],
    outputs: {
      allocationId: "{id}",
      domain: "vpc",
      publicIp: "192.0.2.{digits2}",
      publicDns: "ec2-{hex8}.{region}.compute.amazonaws.com",
    },
    held: true,
  },
  "aws:ec2/natGateway:NatGateway": {
    id: "nat-{hex17}",
    replace: ["subnetId", "allocationId", "connectivityType", "privateIp", "vpcId", "availabilityMode"],
    defaults: { connectivityType: "public" },
    outputs: {
      publicIp: "192.0.2.{digits2}",
      networkInterfaceId: "eni-{hex17}",
      associationId: "eipassoc-{hex17}",
    },
    refs: { subnetId: subnet, allocationId: "aws:ec2/eip:Eip" },
    held: true,
  },
  [routeTable]: {
    id: "rtb-{hex17}",
    arn: "arn:aws:ec2:{region}:{account}:route-table/{id}",
    replace: ["vpcId"],
    outputs: { ownerId: "{account}" },
    refs: { vpcId: vpc },
    unordered: ["routes"],
    held: true,
  },
  "aws:ec2/route:Route": {
    id: "r-{routeTableId}{destinationCidrBlock}",
    replace: ["routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"],
    outputs: { origin: "CreateRoute", state: "active" },
    refs: { routeTableId: routeTable },
    // An instance's own interface isn't a resource.
    free: ["networkInterfaceId"],
    check: isCidr("destinationCidrBlock"),
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    id: "rtbassoc-{hex17}",
    replace: ["subnetId", "gatewayId"],
    refs: { routeTableId: routeTable, subnetId: subnet },
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    id: "vpce-{hex17}",
    arn: "arn:aws:ec2:{region}:{account}:vpc-endpoint/{id}",
    replace: [
      "vpcId",
      "serviceName",
      "vpcEndpointType",
      "serviceRegion",
      "resourceConfigurationArn",
      "serviceNetworkArn",
      "dnsOptions.privateDnsPreference",
      "dnsOptions.privateDnsSpecifiedDomains",
    ],
    defaults: { vpcEndpointType: "Gateway" },
    outputs: {
      state: "available",
      prefixListId: "pl-{hex17}",
      ownerId: "{account}",
      networkInterfaceIds: [],
      cidrBlocks: [],
    },
    unordered: ["routeTableIds", "subnetIds", "securityGroupIds"],
    documents: ["policy"],
    refs: { vpcId: vpc, routeTableIds: routeTable, subnetIds: subnet, securityGroupIds: securityGroup },
  },
  "aws:ec2/flowLog:FlowLog": {
    id: "fl-{hex17}",
    arn: "arn:aws:ec2:{region}:{account}:vpc-flow-log/{id}",
    replace: [
      "vpcId",
      "subnetId",
      "eniId",
      "iamRoleArn",
      "logDestination",
      "logDestinationType",
      "logFormat",
      "maxAggregationInterval",
      "trafficType",
      "deliverCrossAccountRole",
      "destinationOptions",
      "regionalNatGatewayId",
      "tagFieldSpecifications",
      "transitGatewayAttachmentId",
      "transitGatewayId",
    ],
    defaults: { logDestinationType: "cloud-watch-logs", maxAggregationInterval: 600 },
    refs: { vpcId: vpc, subnetId: subnet },
  },
  [securityGroup]: {
    id: "sg-{hex17}",
    arn: "arn:aws:ec2:{region}:{account}:security-group/{id}",
    name: {
      property: "name",
      max: 255,
      auto: true,
      pattern: /^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]+$/,
      what: "a security group's name",
    },
    replace: ["name", "namePrefix", "description", "vpcId"],
    defaults: { description: "Managed by Pulumi" },
    outputs: { ownerId: "{account}" },
    unordered: ["ingress", "egress"],
    refs: { vpcId: vpc },
    held: true,
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": groupRule,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": groupRule,
};
