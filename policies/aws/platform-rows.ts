import type { Policies } from "@pulumi/policy";
import { between, given, is, like, unlessSet } from "../../standards/tests";
import { must, type Whole } from "../lib/must";
import { valuesAt } from "../lib/wire";

/** RFC 1918 and 6598, in /16 or smaller. */
export const privateNetwork = like(
  /^(10\.|172\.(1[6-9]|2\d|3[01])\.|192\.168\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.).*\/(1[6-9]|2\d)$/,
  "a private network of /16 or smaller",
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
        "A function runs on a supported runtime, within limits, and writes to a log group of the stack.",
      severity: "medium",
      remediation:
        "Set what is named; kmsKeyArn where the function is in a VPC and so holds addresses of data.",
      url: `${docs}/securityhub/latest/userguide/lambda-controls.html`,
    },
    [
      [
        "runtime",
        like(
          /^(nodejs2[2-9]\.x|python3\.1[2-9]|java(21|25)|dotnet(8|10)|ruby3\.[3-9]|provided\.al2023)$/,
          "a supported runtime",
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
      description: "An endpoint accepts traffic only for its service, from the VPC, under a policy.",
      severity: "high",
      remediation:
        "Give a gateway endpoint a policy; give an interface endpoint security groups and privateDnsEnabled.",
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
      description: "Flow logs have a destination, and a role that may write to it.",
      severity: "high",
      remediation: "Set logDestination, and iamRoleArn for CloudWatch.",
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
      description: "A security group names its VPC.",
      severity: "medium",
      remediation: "Set vpcId: without it the account's default VPC is used.",
      url: `${docs}/vpc/latest/userguide/vpc-security-groups.html`,
    },
    [["vpcId", given]],
  ),
  must(
    ["aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"],
    {
      name: "ec2-network-private",
      description: "Networks have private address ranges.",
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
        "A certificate is validated by DNS, so that it renews automatically, and is logged by certificate transparency.",
      severity: "high",
      remediation:
        "Set validationMethod to DNS; leave keyAlgorithm at RSA_2048 or above, and transparency on.",
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
