import { randomBytes } from "node:crypto";
import { refuse, type Failure, type Rules } from "../../rule";
import { isObject, type Values } from "../../wire";

const endpoint = ({ domainName, region }: Values) =>
  `vpc-${String(domainName)}-${randomBytes(13).toString("hex")}.${String(region)}.es.amazonaws.com`;

/** Amazon OpenSearch Service. Sources: developer guide, configuring a multi-AZ domain; API reference, CreateDomain. */
export const searchRules: Rules = {
  "aws:opensearch/domain:Domain": {
    id: "arn:aws:es:{region}:{account}:domain/{domainName}",
    arn: "{id}",
    name: {
      property: "domainName",
      max: 28,
      pattern: /^[a-z][a-z0-9-]{2,27}$/,
      what: "3 to 28 lower case letters, digits and -, a letter first",
    },
    replace: ["domainName", "encryptAtRest.kmsKeyId", "vpcOptions.vpcId"],
    outputs: {
      domainId: "{account}/{domainName}",
      endpoint,
      dashboardEndpoint: (values: Values) => `${endpoint(values)}/_dashboards`,
      domainEndpointV2HostedZoneId: "Z000000000000000000AA",
    },
    documents: ["accessPolicies"],
    unordered: ["vpcOptions.subnetIds", "vpcOptions.securityGroupIds", "logPublishingOptions"],
    refs: {
      "vpcOptions.subnetIds": "aws:ec2/subnet:Subnet",
      "vpcOptions.securityGroupIds": "aws:ec2/securityGroup:SecurityGroup",
    },
    check: domain,
  },
};

const object = (value: unknown): Values => (isObject(value) ? value : {});

/** Combinations of settings that the service refuses. */
function domain(values: Values): Failure[] {
  const cluster = object(values["clusterConfig"]);
  const failures: Failure[] = [];
  const zones = Number(object(cluster["zoneAwarenessConfig"])["availabilityZoneCount"] ?? 2);
  const aware = cluster["zoneAwarenessEnabled"] === true;
  const subnets = object(values["vpcOptions"])["subnetIds"];
  if (Array.isArray(subnets) && subnets.length !== (aware ? zones : 1))
    failures.push(refuse("vpcOptions.subnetIds", `one subnet for each of ${aware ? zones : 1} zones`));
  if (aware && Number(cluster["instanceCount"] ?? 1) < zones)
    failures.push(refuse("clusterConfig.instanceCount", "a node in each zone at least"));
  const managers = Number(cluster["dedicatedMasterCount"] ?? 0);
  if (cluster["dedicatedMasterEnabled"] === true && ![3, 5].includes(managers))
    failures.push(refuse("clusterConfig.dedicatedMasterCount", "3 or 5"));
  const fine = object(values["advancedSecurityOptions"])["enabled"] === true;
  const needed = [
    object(values["nodeToNodeEncryption"])["enabled"] === true,
    object(values["encryptAtRest"])["enabled"] === true,
    object(values["domainEndpointOptions"])["enforceHttps"] === true,
  ];
  if (fine && needed.includes(false))
    failures.push(
      refuse("advancedSecurityOptions", "needs encryption at rest and between nodes, and HTTPS enforced"),
    );
  return failures;
}
