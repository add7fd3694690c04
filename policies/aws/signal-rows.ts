import type { Policies } from "@pulumi/policy";
import { between, given, is, like, unlessSet } from "../../standards/tests";
import { must } from "../lib/must";
import { isLater } from "../lib/wire";

const docs = "https://docs.aws.amazon.com";

/** Alarms, events, logs, metrics, topics and mail, property by property. */
export const signalRows: Policies = [
  must(
    ["aws:amp/workspace:Workspace"],
    {
      name: "prometheus-workspace-encrypted",
      description:
        "Amazon Managed Service for Prometheus workspaces must have an alias and be encrypted at rest with a customer managed KMS key.",
      severity: "medium",
      remediation:
        "Set alias and kmsKeyArn. Changing the key replaces the workspace and deletes its metrics.",
      url: `${docs}/prometheus/latest/userguide/encryption-at-rest-Amazon-Service-Prometheus.html`,
    },
    [
      ["alias", given],
      ["kmsKeyArn", given],
    ],
  ),
  must(
    ["aws:amp/workspaceConfiguration:WorkspaceConfiguration"],
    {
      name: "prometheus-workspace-retention",
      description: "Amazon Managed Service for Prometheus workspaces must keep metrics for at least 31 days.",
      severity: "low",
      remediation: "Set workspaceId, and retentionPeriodInDays to a number from 31 to 1095.",
      url: `${docs}/prometheus/latest/userguide/AMP_quotas.html`,
    },
    [
      ["workspaceId", given],
      ["retentionPeriodInDays", between(31, 1095)],
    ],
  ),
  must(
    ["aws:cloudwatch/metricAlarm:MetricAlarm"],
    {
      name: "cloudwatch-alarm-actions",
      description: "CloudWatch alarms must have actions, and the actions must be enabled.",
      severity: "high",
      remediation: "Set alarmActions and evaluationPeriods, and remove actionsEnabled.",
      url: `${docs}/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-15`,
    },
    [
      ["alarmActions", given],
      ["actionsEnabled", unlessSet(true)],
      ["evaluationPeriods", between(1, 60)],
      ["treatMissingData", unlessSet("notBreaching", "breaching", "missing", "ignore")],
    ],
  ),
  must(
    ["aws:cloudwatch/eventRule:EventRule"],
    {
      name: "events-rule-enabled",
      description: "EventBridge rules must be enabled.",
      severity: "medium",
      remediation: "Remove isEnabled and state.",
      url: `${docs}/eventbridge/latest/userguide/eb-rules.html`,
    },
    [
      ["isEnabled", unlessSet(true)],
      ["state", unlessSet("ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")],
    ],
  ),
  must(
    ["aws:cloudwatch/logGroup:LogGroup"],
    {
      name: "logs-kept-long-enough",
      description:
        "CloudWatch log groups must keep logs for at least 7 days and, if protected, have deletion protection.",
      severity: "medium",
      remediation:
        "Set retentionInDays to 7 or more, logGroupClass to STANDARD or INFREQUENT_ACCESS, and deletionProtectionEnabled to the value of `protect`.",
      url: `${docs}/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-16`,
    },
    [
      ["retentionInDays", between(7, 3653), ({ props }) => Number(props.retentionInDays) > 0],
      ["logGroupClass", unlessSet("STANDARD", "INFREQUENT_ACCESS")],
      ["deletionProtectionEnabled", is(true), ({ protect }) => protect],
      ["deletionProtectionEnabled", unlessSet(false), ({ protect }) => !protect],
    ],
  ),
  must(
    ["aws:cloudwatch/logGroup:LogGroup"],
    {
      name: "logs-audit-kept",
      description: "Protected log groups for audit logs must keep logs for at least 30 days.",
      severity: "high",
      remediation:
        "Set retentionInDays to 30 or more on protected log groups of EKS clusters, VPC flow logs, trails and AWS WAF.",
      url: `${docs}/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-16`,
    },
    [
      [
        "retentionInDays",
        between(30, 3653),
        ({ props, protect }) =>
          protect &&
          /^\/aws\/eks\/|\/vpc\/|trail|^aws-waf-logs-/.test(isLater(props.name) ? "" : String(props.name)),
      ],
    ],
  ),
  must(
    ["aws:sns/topicSubscription:TopicSubscription"],
    {
      name: "sns-subscription-encrypted",
      description: "SNS topics must not deliver messages over plain HTTP.",
      severity: "high",
      remediation: "Set protocol to https, email, sqs, lambda or firehose.",
      url: `${docs}/sns/latest/dg/sns-security-best-practices.html`,
    },
    [
      ["protocol", is("https", "email", "email-json", "sqs", "lambda", "firehose", "sms", "application")],
      ["endpoint", { ...like(/^(?!http:)./, "an endpoint that doesn't start with http:"), later: true }],
    ],
  ),
  must(
    ["aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"],
    {
      name: "sqs-redrive-named",
      description: "SQS dead-letter queues must name their source queues.",
      severity: "medium",
      remediation: "Set redrivePermission to byQueue with sourceQueueArns, or to denyAll.",
      url: `${docs}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html`,
    },
    [
      [
        "redriveAllowPolicy",
        like(
          /^(?=.*"redrivePermission":\s*"(byQueue|denyAll)")(?!.*"arn:[^"]*[*?])/,
          "a policy with redrivePermission byQueue or denyAll, without wildcards",
        ),
      ],
    ],
  ),
  must(
    ["aws:sqs/queue:Queue"],
    {
      name: "sqs-key-reuse",
      description: "SQS queues must reuse a data key for at most 24 hours.",
      severity: "low",
      remediation: "Set kmsDataKeyReusePeriodSeconds to 86400 or less.",
      url: `${docs}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-data-encryption.html`,
    },
    [
      [
        "kmsDataKeyReusePeriodSeconds",
        between(60, 86_400),
        ({ props }) => props.kmsDataKeyReusePeriodSeconds !== undefined,
      ],
    ],
  ),
  must(
    ["aws:sesv2/configurationSet:ConfigurationSet"],
    {
      name: "ses-tls-required",
      description: "SES configuration sets must require TLS and publish reputation metrics.",
      severity: "high",
      remediation:
        "Set configurationSetName, and deliveryOptions.tlsPolicy to REQUIRE. Don't disable reputationOptions.reputationMetricsEnabled.",
      url: `${docs}/ses/latest/dg/security-protocols.html`,
    },
    [
      ["configurationSetName", given],
      ["deliveryOptions.tlsPolicy", is("REQUIRE")],
      ["reputationOptions.reputationMetricsEnabled", unlessSet(true)],
    ],
  ),
  must(
    ["aws:sesv2/emailIdentity:EmailIdentity"],
    {
      name: "ses-identity-configured",
      description: "SES email identities must have a configuration set.",
      severity: "high",
      remediation: "Set configurationSetName to a configuration set that requires TLS.",
      url: `${docs}/ses/latest/dg/using-configuration-sets.html`,
    },
    [
      ["configurationSetName", given],
      ["dkimSigningAttributes.nextSigningKeyLength", unlessSet("RSA_2048_BIT")],
    ],
  ),
];
