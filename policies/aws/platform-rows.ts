import type { Policies } from "@pulumi/policy";
import { between, given, is, like, unlessSet } from "../../standards/tests";
import { must, type Whole } from "../lib/must";
import { valuesAt } from "../lib/wire";

/** RFC 1918 and 6598, in /16 or smaller. */
export const privateNetwork = like(
  /^(10\.|172\.(1[6-9]|2\d|3[01])\.|192\.168\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.).*\/(1[6-9]|2\d)$/,
  "a private IPv4 CIDR block of /16 or smaller",
);
const docs = "https://docs.aws.amazon.com";
const ofKind =
  (kind: string) =>
  ({ props }: Whole) =>
    (props.vpcEndpointType ?? "Gateway") === kind;
const inVpc = ({ props }: Whole) => props.vpcConfig !== undefined;
/** True for a function in the VPC, which may reach a data store. */
const reachesData = ({ props }: Whole) => {
  const [variables] = valuesAt(props, "environment.variables");
  return Object.keys(variables?.value ?? {}).some((key) => /(^|_)(HOST|ENDPOINT|DATABASE)$/.test(key));
};

/** Functions, endpoints, networks and certificates, property by property. */
export const platformRows: Policies = [
  must(
    ["aws:lambda/function:Function"],
    {
      name: "lambda-hardened",
      description:
        "Lambda functions must use a supported runtime, limits for time and memory, and a log group of the stack.",
      severity: "medium",
      remediation:
        "Set runtime, role, timeout, memorySize and loggingConfig.logGroup. If the function connects to a data store, set vpcConfig. If it is in a VPC, also set kmsKeyArn.",
      url: `${docs}/securityhub/latest/userguide/lambda-controls.html`,
    },
    [
      [
        "runtime",
        like(
          /^(nodejs2[2-9]\.x|python3\.1[2-9]|java(21|25)|dotnet(8|10)|ruby3\.[3-9]|provided\.al2023)$/,
          "a supported runtime, such as nodejs22.x",
        ),
        ({ props }) => props.packageType !== "Image",
      ],
      ["loggingConfig.logGroup", given],
      ["role", given],
      ["timeout", between(1, 900)],
      ["memorySize", between(128, 3008)],
      ["kmsKeyArn", given, inVpc],
      ["vpcConfig", given, reachesData],
      ["vpcConfig.securityGroupIds", given, inVpc],
      ["vpcConfig.subnetIds", given, inVpc],
    ],
  ),
  must(
    ["aws:ec2/vpcEndpoint:VpcEndpoint"],
    {
      name: "ec2-endpoint-restricted",
      description: "VPC endpoints must be restricted by a policy or by security groups.",
      severity: "high",
      remediation:
        "For a gateway endpoint, set policy and routeTableIds. For an interface endpoint, set securityGroupIds, and privateDnsEnabled to true.",
      url: `${docs}/vpc/latest/privatelink/vpc-endpoints-access.html`,
    },
    [
      ["policy", given, ofKind("Gateway")],
      ["routeTableIds", given, ofKind("Gateway")],
      ["securityGroupIds", given, ofKind("Interface")],
      ["privateDnsEnabled", is(true), ofKind("Interface")],
    ],
  ),
  must(
    ["aws:ec2/flowLog:FlowLog"],
    {
      name: "ec2-flow-logs-kept",
      description: "VPC flow logs must have a destination, and an IAM role for CloudWatch Logs.",
      severity: "high",
      remediation: "Set logDestination. For CloudWatch Logs, also set iamRoleArn.",
      url: `${docs}/vpc/latest/userguide/flow-logs.html`,
    },
    [
      ["logDestination", given],
      [
        "iamRoleArn",
        given,
        ({ props }) => (props.logDestinationType ?? "cloud-watch-logs") === "cloud-watch-logs",
      ],
    ],
  ),
  must(
    ["aws:ec2/securityGroup:SecurityGroup"],
    {
      name: "ec2-group-vpc",
      description: "Security groups must set their VPC.",
      severity: "medium",
      remediation: "Set vpcId. Otherwise, the security group is created in the account's default VPC.",
      url: `${docs}/vpc/latest/userguide/vpc-security-groups.html`,
    },
    [["vpcId", given]],
  ),
  must(
    ["aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"],
    {
      name: "ec2-network-private",
      description: "VPCs and subnets must use private IP address ranges.",
      severity: "high",
      remediation:
        "Set cidrBlock to a network of /16 or smaller in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10.",
      url: `${docs}/vpc/latest/userguide/vpc-cidr-blocks.html`,
    },
    [["cidrBlock", privateNetwork, ({ props }) => props.ipv4IpamPoolId === undefined]],
  ),
  must(
    ["aws:acm/certificate:Certificate"],
    {
      name: "acm-certificate-validated",
      description:
        "ACM certificates must use DNS validation, a strong key algorithm and certificate transparency logging.",
      severity: "high",
      remediation:
        "Set domainName, and validationMethod to DNS, so that ACM renews the certificate automatically. Set keyAlgorithm to RSA_2048 or stronger, and don't disable options.certificateTransparencyLoggingPreference.",
      url: `${docs}/acm/latest/userguide/dns-validation.html`,
    },
    [
      ["domainName", given],
      ["validationMethod", is("DNS")],
      ["keyAlgorithm", unlessSet("RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1")],
      ["options.certificateTransparencyLoggingPreference", unlessSet("ENABLED")],
    ],
  ),
];
