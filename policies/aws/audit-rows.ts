import type { Policies } from "@pulumi/policy";
import { between, given, is, like, unlessSet } from "../../standards/tests";
import { must, type Whole } from "../lib/must";
import { copiesToAudit } from "./replication-rows";

const docs = "https://docs.aws.amazon.com";

/** Whether a recorder is that of the second region. What no region has of its own is recorded in the first one. */
const inSecond = ({ props }: Whole): boolean => /-standby-config$/.test(String(props.name));
const inFirst = (whole: Whole) => !inSecond(whole);

/** Copies of logs in the account's audit bucket, and how they come there. */
export const auditRows: Policies = [
  must(
    ["aws:s3/bucketReplicationConfig:BucketReplicationConfig"],
    {
      name: "s3-audit-copies-kept",
      description: "Copies in the audit bucket outlive the logs, and a copy that fails is counted.",
      severity: "high",
      remediation:
        "Set each rule's deleteMarkerReplication to Disabled, destination.metrics to Enabled, and filter.prefix to where one kind of log lies.",
      url: `${docs}/AmazonS3/latest/userguide/object-lock-managing.html`,
    },
    [
      ["rules[].deleteMarkerReplication.status", is("Disabled"), copiesToAudit],
      ["rules[].destination.metrics.status", is("Enabled"), copiesToAudit],
      ["rules[].filter.prefix", given, copiesToAudit],
      ["rules[].id", given, copiesToAudit],
    ],
  ),
  must(
    ["aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"],
    {
      name: "firehose-encrypted",
      description:
        "A Firehose stream is encrypted with a key of the stack, and writes to a bucket as a role.",
      severity: "high",
      remediation:
        "Set serverSideEncryption with CUSTOMER_MANAGED_CMK and keyArn; destination to extended_s3, with roleArn and bucketArn.",
      url: `${docs}/securityhub/latest/userguide/datafirehose-controls.html#datafirehose-1`,
    },
    [
      ["destination", is("extended_s3")],
      ["serverSideEncryption.enabled", is(true)],
      ["serverSideEncryption.keyType", is("CUSTOMER_MANAGED_CMK")],
      ["serverSideEncryption.keyArn", given],
      ["extendedS3Configuration.roleArn", given],
      ["extendedS3Configuration.bucketArn", given],
      ["extendedS3Configuration.prefix", like(/^\w+\/!\{timestamp:yyyy\/MM\/dd\}\//, "a folder by day")],
      ["extendedS3Configuration.errorOutputPrefix", given],
      ["extendedS3Configuration.compressionFormat", is("GZIP")],
      ["extendedS3Configuration.bufferingInterval", between(60, 900)],
      ["extendedS3Configuration.processingConfiguration.enabled", is(true)],
      [
        "extendedS3Configuration.processingConfiguration.processors[].type",
        is("Decompression", "AppendDelimiterToRecord"),
      ],
      ["extendedS3Configuration.s3BackupMode", unlessSet("Disabled")],
    ],
  ),
  must(
    ["aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter"],
    {
      name: "logs-subscription-as-role",
      description: "A log group sends its events to one destination, as a role.",
      severity: "medium",
      remediation: "Set logGroup, destinationArn and roleArn.",
      url: `${docs}/AmazonCloudWatch/latest/logs/SubscriptionFilters.html`,
    },
    [
      ["logGroup", given],
      ["destinationArn", given],
      ["roleArn", given],
    ],
  ),
  must(
    ["aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig"],
    {
      name: "route53-query-log-bucket",
      description: "The VPC's DNS queries are logged in a bucket.",
      severity: "medium",
      remediation: "Set destinationArn to the ARN of the bucket of access logs, with a prefix.",
      url: `${docs}/Route53/latest/DeveloperGuide/resolver-query-logs-choosing-target-resource.html`,
    },
    [["destinationArn", { ...like(/^arn:aws[\w-]*:s3:::./, "the ARN of a bucket"), later: true }]],
  ),
  must(
    ["aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation"],
    {
      name: "route53-query-log-attached",
      description: "A configuration of query logs belongs to a VPC of the stack.",
      severity: "medium",
      remediation: "Set resolverQueryLogConfigId and resourceId.",
      url: `${docs}/Route53/latest/DeveloperGuide/resolver-query-logs.html`,
    },
    [
      ["resolverQueryLogConfigId", given],
      ["resourceId", given],
    ],
  ),
  must(
    ["aws:cfg/recorder:Recorder"],
    {
      name: "config-records-all",
      description: "AWS Config records every type of resource once, as its service-linked role.",
      severity: "medium",
      remediation:
        "Set roleArn to AWSServiceRoleForConfig, recordingGroup.allSupported to true, and includeGlobalResourceTypes to true in the first region alone.",
      url: `${docs}/securityhub/latest/userguide/config-controls.html#config-1`,
    },
    [
      ["roleArn", { ...like(/\/AWSServiceRoleForConfig$/, "the service-linked role"), later: true }],
      ["recordingGroup.allSupported", is(true)],
      ["recordingGroup.includeGlobalResourceTypes", is(true), inFirst],
      ["recordingGroup.includeGlobalResourceTypes", is(false), inSecond],
      ["recordingMode.recordingFrequency", is("DAILY", "CONTINUOUS")],
    ],
  ),
  must(
    ["aws:iam/serviceLinkedRole:ServiceLinkedRole"],
    {
      name: "iam-linked-role-named",
      description:
        "Service-linked roles are made for AWS Config only; other services make theirs themselves.",
      severity: "low",
      remediation: "Set awsServiceName to config.amazonaws.com, or leave the role to its service.",
      url: `${docs}/config/latest/developerguide/using-service-linked-roles.html`,
    },
    [
      ["awsServiceName", is("config.amazonaws.com")],
      ["customSuffix", unlessSet()],
    ],
  ),
  must(
    ["aws:cfg/deliveryChannel:DeliveryChannel"],
    {
      name: "config-delivered",
      description: "AWS Config delivers its files to a bucket, and a snapshot at least once a day.",
      severity: "medium",
      remediation: "Set s3BucketName, s3KeyPrefix and snapshotDeliveryProperties.deliveryFrequency.",
      url: `${docs}/config/latest/developerguide/manage-delivery-channel.html`,
    },
    [
      ["s3BucketName", given],
      ["s3KeyPrefix", given],
      ["snapshotDeliveryProperties.deliveryFrequency", given],
    ],
  ),
  must(
    ["aws:cfg/recorderStatus:RecorderStatus"],
    {
      name: "config-on",
      description: "AWS Config's recorder runs.",
      severity: "high",
      remediation: "Set isEnabled to true.",
      url: `${docs}/securityhub/latest/userguide/config-controls.html#config-1`,
      remediates: true,
    },
    [["isEnabled", is(true)]],
  ),
  must(
    ["aws:cfg/rule:Rule"],
    {
      name: "config-rule-managed",
      description: "A rule of AWS Config is one of AWS' managed rules.",
      severity: "low",
      remediation: "Set source.owner to AWS, and source.sourceIdentifier to the rule's identifier.",
      url: `${docs}/config/latest/developerguide/managed-rules-by-aws-config.html`,
    },
    [
      ["source.owner", is("AWS")],
      ["source.sourceIdentifier", like(/^[A-Z0-9_]+$/, "an identifier such as IAM_USER_MFA_ENABLED")],
    ],
  ),
];
