import type { Rules } from "../../rule";
import { oneOf } from "./checks";

const stream = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";
const queryLog = "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig";
const recorder = "aws:cfg/recorder:Recorder";

/** Copies of logs, and AWS Config. */
export const auditRules: Rules = {
  [stream]: {
    id: "arn:aws:firehose:{region}:{account}:deliverystream/{name}",
    arn: "{id}",
    name: { property: "name", max: 64, pattern: /^[\w.-]+$/, what: "letters, digits and ._-" },
    replace: [
      "destination",
      "elasticsearchConfiguration.s3BackupMode",
      "elasticsearchConfiguration.vpcConfig.roleArn",
      "elasticsearchConfiguration.vpcConfig.securityGroupIds",
      "elasticsearchConfiguration.vpcConfig.subnetIds",
      "extendedS3Configuration.dynamicPartitioningConfiguration.enabled",
      "httpEndpointConfiguration.secretsManagerConfiguration.enabled",
      "icebergConfiguration.appendOnly",
      "icebergConfiguration.catalogArn",
      "name",
      "opensearchConfiguration.s3BackupMode",
      "opensearchConfiguration.vpcConfig.roleArn",
      "opensearchConfiguration.vpcConfig.securityGroupIds",
      "opensearchConfiguration.vpcConfig.subnetIds",
      "opensearchserverlessConfiguration.s3BackupMode",
      "opensearchserverlessConfiguration.vpcConfig.roleArn",
      "opensearchserverlessConfiguration.vpcConfig.securityGroupIds",
      "opensearchserverlessConfiguration.vpcConfig.subnetIds",
      "redshiftConfiguration.secretsManagerConfiguration.enabled",
      "snowflakeConfiguration.secretsManagerConfiguration.enabled",
      "splunkConfiguration.secretsManagerConfiguration.enabled",
      "kinesisSourceConfiguration",
      "mskSourceConfiguration",
    ],
    outputs: { versionId: "1", destinationId: "destinationId-000000000001" },
    refs: {
      "serverSideEncryption.keyArn": "aws:kms/key:Key",
      "extendedS3Configuration.roleArn": "aws:iam/role:Role",
    },
    check: oneOf({ destination: ["extended_s3", "http_endpoint", "opensearch"] }),
  },
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": {
    id: "cwlsf-{digits12}",
    name: { property: "name", max: 512, pattern: /^[^:*]+$/, what: "anything but : and *" },
    replace: ["name", "logGroup", "destinationArn"],
    defaults: { distribution: "ByLogStream" },
    refs: {
      logGroup: "aws:cloudwatch/logGroup:LogGroup",
      destinationArn: stream,
      roleArn: "aws:iam/role:Role",
    },
  },
  [queryLog]: {
    id: "rqlc-{hex32}",
    arn: "arn:aws:route53resolver:{region}:{account}:resolver-query-log-config/{id}",
    name: { property: "name", max: 64, pattern: /^[\w -]+$/, what: "letters, digits, spaces, - and _" },
    replace: ["name", "destinationArn"],
    outputs: { ownerId: "{account}", shareStatus: "NOT_SHARED" },
    held: true,
  },
  "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation": {
    id: "rqlca-{hex32}",
    replace: ["resolverQueryLogConfigId", "resourceId"],
    refs: { resolverQueryLogConfigId: queryLog, resourceId: "aws:ec2/vpc:Vpc" },
  },
  [recorder]: {
    id: "{name}",
    name: { property: "name", max: 256 },
    replace: ["name"],
    held: true,
  },
  "aws:cfg/deliveryChannel:DeliveryChannel": {
    id: "{name}",
    name: { property: "name", max: 256 },
    replace: ["name"],
    refs: { s3BucketName: "aws:s3/bucket:Bucket" },
  },
  "aws:cfg/recorderStatus:RecorderStatus": {
    id: "{name}",
    replace: ["name"],
    refs: { name: recorder },
  },
  "aws:cfg/rule:Rule": {
    id: "{name}",
    arn: "arn:aws:config:{region}:{account}:config-rule/config-rule-{hex6}",
    name: { property: "name", max: 128 },
    replace: ["name"],
    outputs: { ruleId: "config-rule-{hex6}" },
  },
  "aws:iam/serviceLinkedRole:ServiceLinkedRole": {
    id: "arn:aws:iam::{account}:role/aws-service-role/{awsServiceName}/AWSServiceRoleForConfig",
    arn: "{id}",
    replace: ["awsServiceName", "customSuffix"],
    outputs: {
      path: "/aws-service-role/{awsServiceName}/",
      name: "AWSServiceRoleForConfig",
      uniqueId: "{hex20}",
    },
  },
};
