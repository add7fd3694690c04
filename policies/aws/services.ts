import type { Policies } from "@pulumi/policy";
import { between, given, is, unlessSet } from "../../standards/tests";
import { must } from "../lib/must";

const docs = "https://docs.aws.amazon.com";

/** Services with one or two policies each: customer managed keys and retention. */
export const services: Policies = [
  must(
    ["aws:cloudwatch/logGroup:LogGroup"],
    {
      name: "logs-retention",
      description: "CloudWatch log groups must have a retention period.",
      severity: "medium",
      remediation: "Set retentionInDays. Otherwise, logs are kept and charged indefinitely.",
      url: `${docs}/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html`,
    },
    [["retentionInDays", between(1, 3653)]],
  ),
  must(
    ["aws:cloudwatch/logGroup:LogGroup"],
    {
      name: "logs-own-key",
      description: "CloudWatch log groups must be encrypted at rest with a customer managed KMS key.",
      severity: "medium",
      remediation:
        "Set kmsKeyId to the ARN of a customer managed KMS key whose policy allows CloudWatch Logs to use it.",
      url: `${docs}/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html`,
    },
    [["kmsKeyId", given]],
  ),
  must(
    ["aws:secretsmanager/secret:Secret"],
    {
      name: "secretsmanager-own-key",
      description: "Secrets Manager secrets must be encrypted at rest with a customer managed KMS key.",
      severity: "high",
      remediation:
        "Set kmsKeyId to a customer managed KMS key. The AWS managed key can't be shared or restricted.",
      url: `${docs}/secretsmanager/latest/userguide/security-encryption.html`,
    },
    [["kmsKeyId", given]],
  ),
  must(
    ["aws:ecr/repository:Repository"],
    {
      name: "ecr-scan-on-push",
      description: "ECR repositories must scan images on push.",
      severity: "medium",
      remediation: "Set imageScanningConfiguration.scanOnPush to true.",
      url: `${docs}/AmazonECR/latest/userguide/image-scanning.html`,
      remediates: true,
    },
    [["imageScanningConfiguration.scanOnPush", is(true)]],
  ),
  must(
    ["aws:ecr/repository:Repository"],
    {
      name: "ecr-immutable-tags",
      description: "ECR repositories must have immutable tags.",
      severity: "high",
      remediation: "Set imageTagMutability to IMMUTABLE.",
      url: `${docs}/AmazonECR/latest/userguide/image-tag-mutability.html`,
      remediates: true,
    },
    [["imageTagMutability", is("IMMUTABLE")]],
  ),
  must(
    ["aws:ecr/repository:Repository"],
    {
      name: "ecr-own-key",
      description: "ECR repositories must be encrypted at rest with a customer managed KMS key.",
      severity: "medium",
      remediation:
        "In encryptionConfigurations, set encryptionType to KMS and kmsKey to the ARN of a customer managed KMS key. Changing it replaces the repository.",
      url: `${docs}/AmazonECR/latest/userguide/encryption-at-rest.html`,
    },
    [
      ["encryptionConfigurations[].encryptionType", is("KMS", "KMS_DSSE")],
      ["encryptionConfigurations[].kmsKey", given],
    ],
  ),
  must(
    ["aws:cloudtrail/trail:Trail"],
    {
      name: "cloudtrail-tamper-evident",
      description:
        "CloudTrail trails must be encrypted at rest with a customer managed KMS key and have log file validation enabled.",
      severity: "high",
      remediation:
        "Set enableLogFileValidation to true and kmsKeyId to the ARN of a customer managed KMS key.",
      url: `${docs}/awscloudtrail/latest/userguide/best-practices-security.html`,
      remediates: true,
    },
    [
      ["enableLogFileValidation", is(true)],
      ["kmsKeyId", given],
    ],
  ),
  must(
    ["aws:cloudtrail/trail:Trail"],
    {
      name: "cloudtrail-everywhere",
      description: "CloudTrail trails must be enabled, and record all regions and global services.",
      severity: "high",
      remediation:
        "Set isMultiRegionTrail to true. Set includeGlobalServiceEvents and enableLogging to true, or remove them.",
      url: `${docs}/securityhub/latest/userguide/cloudtrail-controls.html`,
      remediates: true,
    },
    [
      ["isMultiRegionTrail", is(true)],
      ["includeGlobalServiceEvents", unlessSet(true)],
      ["enableLogging", unlessSet(true)],
    ],
  ),
  must(
    ["aws:guardduty/detector:Detector"],
    {
      name: "guardduty-on",
      description: "GuardDuty detectors must be enabled.",
      severity: "high",
      remediation: "Set enable to true, or remove it.",
      url: `${docs}/securityhub/latest/userguide/guardduty-controls.html`,
      remediates: true,
    },
    [["enable", unlessSet(true)]],
  ),
  must(
    ["aws:guardduty/detectorFeature:DetectorFeature"],
    {
      name: "guardduty-feature-on",
      description: "GuardDuty detector features must be enabled.",
      severity: "medium",
      remediation: "Set status to ENABLED, or remove the feature.",
      url: `${docs}/guardduty/latest/ug/guardduty-features-activation-model.html`,
      remediates: true,
    },
    [["status", is("ENABLED")]],
  ),
  must(
    ["aws:athena/workgroup:Workgroup"],
    {
      name: "athena-results-encrypted",
      description:
        "Athena workgroups must encrypt query results with a customer managed KMS key and override client-side settings.",
      severity: "medium",
      remediation:
        "Set configuration.enforceWorkgroupConfiguration to true, or remove it. In configuration.resultConfiguration.encryptionConfiguration, set encryptionOption to SSE_KMS and kmsKeyArn.",
      url: `${docs}/athena/latest/ug/workgroups-settings-override.html`,
    },
    [
      ["configuration.enforceWorkgroupConfiguration", unlessSet(true)],
      ["configuration.resultConfiguration.encryptionConfiguration.encryptionOption", is("SSE_KMS")],
      ["configuration.resultConfiguration.encryptionConfiguration.kmsKeyArn", given],
    ],
  ),
];
