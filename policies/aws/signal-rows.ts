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
      description: "A workspace of Amazon Managed Service for Prometheus has a name and a key of our own.",
      severity: "medium",
      remediation:
        "Set alias and kmsKeyArn. Another key makes another workspace, without the metrics of the former.",
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
      description: "A workspace keeps metrics for a month at least; Prometheus itself has the days before.",
      severity: "low",
      remediation: "Set retentionPeriodInDays, 31 to 1095.",
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
      description: "An alarm has actions.",
      severity: "high",
      remediation: "Set alarmActions, and leave actionsEnabled out.",
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
      description: "A rule of the event bus is enabled.",
      severity: "medium",
      remediation: "Leave isEnabled and state out.",
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
      description: "Logs are kept for at least a week, in the standard or infrequent access class.",
      severity: "medium",
      remediation: "Set retentionInDays to 7 or more, and deletionProtectionEnabled where `protect` is on.",
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
      description: "Protected audit logs are kept for at least 30 days.",
      severity: "high",
      remediation:
        "Set retentionInDays to 30 or more on the protected groups of the cluster, of flow logs and of AWS WAF.",
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
      description: "No topic delivers over plain HTTP.",
      severity: "high",
      remediation: "Subscribe by https, email, sqs, lambda or firehose.",
      url: `${docs}/sns/latest/dg/sns-security-best-practices.html`,
    },
    [
      ["protocol", is("https", "email", "email-json", "sqs", "lambda", "firehose", "sms", "application")],
      ["endpoint", { ...like(/^(?!http:)./, "an endpoint without http:"), later: true }],
    ],
  ),
  must(
    ["aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"],
    {
      name: "sqs-redrive-named",
      description: "A dead-letter queue accepts messages only from named queues.",
      severity: "medium",
      remediation: "Set redrivePermission to byQueue, with sourceQueueArns.",
      url: `${docs}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html`,
    },
    [
      [
        "redriveAllowPolicy",
        like(
          /^(?=.*"redrivePermission":\s*"(byQueue|denyAll)")(?!.*"arn:[^"]*[*?])/,
          "byQueue or denyAll, without wildcards",
        ),
      ],
    ],
  ),
  must(
    ["aws:sqs/queue:Queue"],
    {
      name: "sqs-key-reuse",
      description: "A queue reuses its data key for a day at most.",
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
      description: "Mail requires TLS, and reputation metrics are on.",
      severity: "high",
      remediation: "Set deliveryOptions.tlsPolicy to REQUIRE.",
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
      description: "An email identity has a configuration set, which requires TLS.",
      severity: "high",
      remediation: "Set configurationSetName.",
      url: `${docs}/ses/latest/dg/using-configuration-sets.html`,
    },
    [
      ["configurationSetName", given],
      ["dkimSigningAttributes.nextSigningKeyLength", unlessSet("RSA_2048_BIT")],
    ],
  ),
];
