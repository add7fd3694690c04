import type { Policies } from "@pulumi/policy";
import { between, given, is, like, unlessSet } from "../../standards/tests";
import { must, type Whole } from "../lib/must";
import { copiesToAudit } from "./replication-rows";

const docs = "https://docs.aws.amazon.com";

/** Whether a recorder is in the second region. Global resource types are recorded in the first one. */
const inSecond = ({ props }: Whole): boolean => /-standby-config$/.test(String(props.name));
const inFirst = (whole: Whole) => !inSecond(whole);

/** Delivery of logs to the account's audit bucket, and AWS Config. */
export const auditRows: Policies = [
  must(
    ["aws:s3/bucketReplicationConfig:BucketReplicationConfig"],
    {
      name: "s3-audit-copies-kept",
      description:
        "Replication to the audit bucket must not replicate delete markers, and must publish metrics.",
      severity: "high",
      remediation:
        "In each rule, set deleteMarkerReplication.status to Disabled, destination.metrics.status to Enabled, filter.prefix to the prefix of one type of log, and id.",
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
        "Firehose streams must be encrypted at rest with a customer managed KMS key and deliver to an S3 bucket with an IAM role.",
      severity: "high",
      remediation:
        "Set serverSideEncryption to keyType CUSTOMER_MANAGED_CMK with a keyArn, destination to extended_s3, and the properties of extendedS3Configuration that the message names.",
      url: `${docs}/securityhub/latest/userguide/datafirehose-controls.html#datafirehose-1`,
    },
    [
      ["destination", is("extended_s3")],
      ["serverSideEncryption.enabled", is(true)],
      ["serverSideEncryption.keyType", is("CUSTOMER_MANAGED_CMK")],
      ["serverSideEncryption.keyArn", given],
      ["extendedS3Configuration.roleArn", given],
      ["extendedS3Configuration.bucketArn", given],
      [
        "extendedS3Configuration.prefix",
        like(/^\w+\/!\{timestamp:yyyy\/MM\/dd\}\//, "a prefix by date, such as eks/!{timestamp:yyyy/MM/dd}/"),
      ],
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
      description: "CloudWatch Logs subscription filters must have a destination and an IAM role.",
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
      description: "Resolver query logs must be delivered to an S3 bucket.",
      severity: "medium",
      remediation: "Set destinationArn to the ARN of the access log bucket with a prefix.",
      url: `${docs}/Route53/latest/DeveloperGuide/resolver-query-logs-choosing-target-resource.html`,
    },
    [["destinationArn", { ...like(/^arn:aws[\w-]*:s3:::./, "the ARN of an S3 bucket"), later: true }]],
  ),
  must(
    ["aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation"],
    {
      name: "route53-query-log-attached",
      description: "Resolver query logging configurations must be associated with a VPC.",
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
      description:
        "AWS Config must record all resource types with its service-linked role, and global resource types in one region only.",
      severity: "medium",
      remediation:
        "Set roleArn to the ARN of AWSServiceRoleForConfig and recordingGroup.allSupported to true. Set recordingGroup.includeGlobalResourceTypes to true in the first region and to false in the second.",
      url: `${docs}/securityhub/latest/userguide/config-controls.html#config-1`,
    },
    [
      [
        "roleArn",
        { ...like(/\/AWSServiceRoleForConfig$/, "the ARN of AWSServiceRoleForConfig"), later: true },
      ],
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
      description: "Service-linked roles must be created for AWS Config only.",
      severity: "low",
      remediation:
        "Set awsServiceName to config.amazonaws.com without customSuffix, or remove the resource. Other services create their service-linked roles themselves.",
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
      description: "AWS Config must deliver configuration history and snapshots to an S3 bucket.",
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
      description: "AWS Config recorders must be enabled.",
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
      description: "AWS Config rules must be AWS managed rules.",
      severity: "low",
      remediation: "Set source.owner to AWS and source.sourceIdentifier to the identifier of a managed rule.",
      url: `${docs}/config/latest/developerguide/managed-rules-by-aws-config.html`,
    },
    [
      ["source.owner", is("AWS")],
      ["source.sourceIdentifier", like(/^[A-Z0-9_]+$/, "an identifier such as IAM_USER_MFA_ENABLED")],
    ],
  ),
];
