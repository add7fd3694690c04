import type { Policies } from "@pulumi/policy";
import { between, given, is, like, unlessSet } from "../../standards/tests";
import { must } from "../lib/must";
import { isLater } from "../lib/wire";

const docs = "https://docs.aws.amazon.com";

/** What watches and tells, property by property. */
export const signalRows: Policies = [
  must(
    ["aws:cloudwatch/metricAlarm:MetricAlarm"],
    {
      name: "cloudwatch-alarm-heard",
      description: "An alarm tells someone.",
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
      name: "events-rule-on",
      description: "A rule of the event bus is on.",
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
      description: "Logs are kept for a week at least, in a class that can be searched at once.",
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
      description: "What records who did what is kept for a month at least where the stack is protected.",
      severity: "high",
      remediation:
        "Set retentionInDays to 30 or more on the protected groups of the cluster and of flow logs.",
      url: `${docs}/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-16`,
    },
    [
      [
        "retentionInDays",
        between(30, 3653),
        ({ props, protect }) =>
          protect && /^\/aws\/eks\/|\/vpc\/|trail/.test(isLater(props.name) ? "" : String(props.name)),
      ],
    ],
  ),
  must(
    ["aws:sns/topicSubscription:TopicSubscription"],
    {
      name: "sns-subscription-encrypted",
      description: "No message leaves a topic over plain HTTP.",
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
      description: "A dead-letter queue takes messages from named queues.",
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
      name: "sqs-key-reused-briefly",
      description: "A queue asks for its key again after a day at most.",
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
      description: "Mail is delivered over TLS, and its reputation is watched.",
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
      description: "What is sent from an identity goes through a configuration set, and so over TLS.",
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
