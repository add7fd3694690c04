import type { Policies } from "@pulumi/policy";
import { between, given, is, like } from "../../standards/tests";
import { must, type Whole } from "../lib/must";
import { valuesAt } from "../lib/wire";

const domain = ["aws:opensearch/domain:Domain"];
const hub = "https://docs.aws.amazon.com/securityhub/latest/userguide/opensearch-controls.html";
const number = (props: Whole["props"], path: string) => Number(valuesAt(props, path)[0]?.value ?? 0);
const several = ({ props }: Whole) => number(props, "clusterConfig.instanceCount") > 1;
const threeZones = ({ props }: Whole) =>
  number(props, "clusterConfig.zoneAwarenessConfig.availabilityZoneCount") === 3;
const managed = ({ props }: Whole) =>
  valuesAt(props, "clusterConfig.dedicatedMasterEnabled")[0]?.value === true;

/** OpenSearch domains: Security Hub's controls Opensearch.1 to 11, property by property. */
export const openSearchRows: Policies = [
  must(
    domain,
    {
      name: "opensearch-encrypted",
      description:
        "OpenSearch domains must be encrypted at rest with a customer managed KMS key, and between nodes.",
      severity: "critical",
      remediation:
        "Set encryptAtRest.enabled to true with kmsKeyId, and nodeToNodeEncryption.enabled to true. Neither can be disabled later.",
      url: `${hub}#opensearch-1`,
    },
    [
      ["encryptAtRest.enabled", is(true)],
      ["encryptAtRest.kmsKeyId", given],
      ["nodeToNodeEncryption.enabled", is(true)],
    ],
  ),
  must(
    domain,
    {
      name: "opensearch-in-vpc",
      description: "OpenSearch domains must not be publicly accessible.",
      severity: "critical",
      remediation:
        "Set vpcOptions.subnetIds and vpcOptions.securityGroupIds. Moving a public domain into a VPC replaces it.",
      url: `${hub}#opensearch-2`,
    },
    [
      ["vpcOptions.subnetIds", given],
      ["vpcOptions.securityGroupIds", given],
    ],
  ),
  must(
    domain,
    {
      name: "opensearch-tls",
      description: "OpenSearch domains must require HTTPS with TLS 1.2 or later and forward secrecy.",
      severity: "critical",
      remediation:
        "Set domainEndpointOptions.enforceHttps to true and domainEndpointOptions.tlsSecurityPolicy to Policy-Min-TLS-1-2-PFS-2023-10.",
      url: `${hub}#opensearch-8`,
    },
    [
      ["domainEndpointOptions.enforceHttps", is(true)],
      [
        "domainEndpointOptions.tlsSecurityPolicy",
        is("Policy-Min-TLS-1-2-PFS-2023-10", "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08"),
      ],
    ],
  ),
  must(
    domain,
    {
      name: "opensearch-fine-grained",
      description:
        "OpenSearch domains must have fine-grained access control enabled, without internal users.",
      severity: "critical",
      remediation:
        "In advancedSecurityOptions, set enabled to true, internalUserDatabaseEnabled to false and masterUserOptions.masterUserArn. Name the principals in accessPolicies.",
      url: `${hub}#opensearch-7`,
    },
    [
      ["advancedSecurityOptions.enabled", is(true)],
      ["advancedSecurityOptions.internalUserDatabaseEnabled", is(false)],
      ["advancedSecurityOptions.masterUserOptions.masterUserArn", given],
      [
        "accessPolicies",
        {
          ...like(
            /^(?!.*"Principal":\s*(?:"\*"|\{\s*"AWS":\s*"\*"))./s,
            "a policy that names its principals",
          ),
          later: true,
        },
      ],
    ],
  ),
  must(
    domain,
    {
      name: "opensearch-logs",
      description: "OpenSearch domains must publish audit, error and slow logs to CloudWatch Logs.",
      severity: "medium",
      remediation:
        "List AUDIT_LOGS, ES_APPLICATION_LOGS, INDEX_SLOW_LOGS and SEARCH_SLOW_LOGS in logPublishingOptions, each with a cloudwatchLogGroupArn.",
      url: `${hub}#opensearch-5`,
    },
    [
      ["logPublishingOptions", given],
      ["logPublishingOptions[].cloudwatchLogGroupArn", given],
      [
        "logPublishingOptions[].enabled",
        { words: "unset or true", holds: (value: unknown) => value !== false },
      ],
      ...(["AUDIT_LOGS", "ES_APPLICATION_LOGS", "INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS"] as const).map(
        (type) =>
          [
            "logPublishingOptions",
            {
              words: `a list that contains ${type}`,
              holds: (value: unknown) =>
                Array.isArray(value) && value.some((one: { logType?: unknown }) => one.logType === type),
            },
          ] as const,
      ),
    ],
  ),
  must(
    domain,
    {
      name: "opensearch-available",
      description:
        "OpenSearch domains with several nodes must have zone awareness enabled, and domains in three zones must have dedicated master nodes.",
      severity: "high",
      remediation:
        "In clusterConfig, set zoneAwarenessEnabled to true and zoneAwarenessConfig.availabilityZoneCount to 2 or 3. For three zones, also set dedicatedMasterEnabled to true and dedicatedMasterCount to 3 or 5.",
      url: `${hub}#opensearch-11`,
    },
    [
      ["clusterConfig.zoneAwarenessEnabled", is(true), several],
      ["clusterConfig.zoneAwarenessConfig.availabilityZoneCount", between(2, 3), several],
      ["clusterConfig.dedicatedMasterEnabled", is(true), threeZones],
      ["clusterConfig.dedicatedMasterCount", is(3, 5), managed],
      ["clusterConfig.instanceCount", between(1, 80)],
      [
        "clusterConfig.instanceType",
        like(/\.search$/, "an OpenSearch instance type, such as m7g.large.search"),
      ],
    ],
  ),
  must(
    domain,
    {
      name: "opensearch-upkeep",
      description:
        "OpenSearch domains must install software updates automatically in an off-peak window, and use gp3 volumes.",
      severity: "medium",
      remediation:
        "Set softwareUpdateOptions.autoSoftwareUpdateEnabled and offPeakWindowOptions.enabled to true, ebsOptions.volumeType to gp3, and engineVersion to OpenSearch_2.11 or later.",
      url: `${hub}#opensearch-10`,
    },
    [
      ["softwareUpdateOptions.autoSoftwareUpdateEnabled", is(true)],
      ["offPeakWindowOptions.enabled", is(true)],
      ["ebsOptions.ebsEnabled", is(true)],
      ["ebsOptions.volumeType", is("gp3")],
      ["ebsOptions.volumeSize", between(10, 3072)],
      ["engineVersion", like(/^OpenSearch_(2\.1[1-9]|[3-9]\.\d+)$/, "OpenSearch_2.11 or later")],
      ["domainName", given],
    ],
  ),
  must(
    ["aws:lambda/invocation:Invocation"],
    {
      name: "lambda-invocation-known",
      description: "Lambda invocations during a deployment must set a function, an input and triggers.",
      severity: "low",
      remediation: "Set functionName, input and triggers.",
      url: "https://docs.aws.amazon.com/lambda/latest/dg/invocation-sync.html",
    },
    [
      ["functionName", given],
      ["input", given],
      ["triggers", given],
    ],
  ),
];
