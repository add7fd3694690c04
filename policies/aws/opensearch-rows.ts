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

/** Domains that logs are searched in: Security Hub's controls Opensearch.1 to 11, property by property. */
export const openSearchRows: Policies = [
  must(
    domain,
    {
      name: "opensearch-encrypted",
      description: "A search domain is encrypted on disk with a key of our own, and between its nodes.",
      severity: "critical",
      remediation:
        "Set encryptAtRest with kmsKeyId, and nodeToNodeEncryption. Neither can be switched off later.",
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
      description: "A search domain has no public endpoint.",
      severity: "critical",
      remediation:
        "Set vpcOptions to subnets and security groups. A public domain can't be moved: it is replaced.",
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
      description: "A search domain answers over HTTPS alone, with TLS 1.2 or newer and forward secrecy.",
      severity: "critical",
      remediation: "Set enforceHttps, and tlsSecurityPolicy to Policy-Min-TLS-1-2-PFS-2023-10.",
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
      description: "A search domain decides by role who reads what, and knows no password.",
      severity: "critical",
      remediation:
        "Set advancedSecurityOptions with masterUserArn, and leave internalUserDatabaseEnabled and anonymousAuthEnabled at false.",
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
      description: "A search domain says in CloudWatch who asked for what, what was slow and what failed.",
      severity: "medium",
      remediation: "List AUDIT_LOGS, ES_APPLICATION_LOGS and both slow logs in logPublishingOptions.",
      url: `${hub}#opensearch-5`,
    },
    [
      ["logPublishingOptions", given],
      ["logPublishingOptions[].cloudwatchLogGroupArn", given],
      [
        "logPublishingOptions[].enabled",
        { words: "absent, or true", holds: (value: unknown) => value !== false },
      ],
      ...(["AUDIT_LOGS", "ES_APPLICATION_LOGS", "INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS"] as const).map(
        (type) =>
          [
            "logPublishingOptions",
            {
              words: `a list with ${type}`,
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
        "A search domain of several nodes spreads them over zones; one over three zones has three dedicated managers.",
      severity: "high",
      remediation:
        "Set zoneAwarenessEnabled with availabilityZoneCount, and three or five dedicated managers where it is 3.",
      url: `${hub}#opensearch-11`,
    },
    [
      ["clusterConfig.zoneAwarenessEnabled", is(true), several],
      ["clusterConfig.zoneAwarenessConfig.availabilityZoneCount", between(2, 3), several],
      ["clusterConfig.dedicatedMasterEnabled", is(true), threeZones],
      ["clusterConfig.dedicatedMasterCount", is(3, 5), managed],
      ["clusterConfig.instanceCount", between(1, 80)],
      ["clusterConfig.instanceType", like(/\.search$/, "a node type of OpenSearch")],
    ],
  ),
  must(
    domain,
    {
      name: "opensearch-upkeep",
      description: "A search domain is updated by itself, outside working hours, on gp3 volumes.",
      severity: "medium",
      remediation:
        "Set autoSoftwareUpdateEnabled, offPeakWindowOptions and gp3; engineVersion to an OpenSearch of 2.11 or newer.",
      url: `${hub}#opensearch-10`,
    },
    [
      ["softwareUpdateOptions.autoSoftwareUpdateEnabled", is(true)],
      ["offPeakWindowOptions.enabled", is(true)],
      ["ebsOptions.ebsEnabled", is(true)],
      ["ebsOptions.volumeType", is("gp3")],
      ["ebsOptions.volumeSize", between(10, 3072)],
      ["engineVersion", like(/^OpenSearch_(2\.1[1-9]|[3-9]\.\d+)$/, "OpenSearch_2.11 or newer")],
      ["domainName", given],
    ],
  ),
  must(
    ["aws:lambda/invocation:Invocation"],
    {
      name: "lambda-invocation-known",
      description: "A call of a function while deploying names the function and what it is called again for.",
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
