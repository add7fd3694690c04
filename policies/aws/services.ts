import type { Policies } from "@pulumi/policy";
import { between, given, is, unlessSet } from "../../standards/tests";
import { must } from "../lib/must";

const docs = "https://docs.aws.amazon.com";

/** Services with one or two rules each: customer managed keys and retention. */
export const services: Policies = [
  must(
    ["aws:cloudwatch/logGroup:LogGroup"],
    {
      name: "logs-retention",
      description: "Every log group has a retention period.",
      severity: "medium",
      remediation: "Set retentionInDays; without it logs are kept, and charged, forever.",
      url: `${docs}/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html`,
    },
    [["retentionInDays", between(1, 3653)]],
  ),
  must(
    ["aws:cloudwatch/logGroup:LogGroup"],
    {
      name: "logs-own-key",
      description: "Every log group is encrypted with a customer managed KMS key.",
      severity: "medium",
      remediation: "Set kmsKeyId to the ARN of a KMS key whose policy lets CloudWatch Logs use it.",
      url: `${docs}/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html`,
    },
    [["kmsKeyId", given]],
  ),
  must(
    ["aws:secretsmanager/secret:Secret"],
    {
      name: "secretsmanager-own-key",
      description: "Every secret is encrypted with a customer managed KMS key.",
      severity: "high",
      remediation: "Set kmsKeyId to a KMS key of the stack: AWS' own key can't be shared or limited.",
      url: `${docs}/secretsmanager/latest/userguide/security-encryption.html`,
    },
    [["kmsKeyId", given]],
  ),
  must(
    ["aws:ecr/repository:Repository"],
    {
      name: "ecr-scan-on-push",
      description: "Every image is scanned when it is pushed.",
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
      description: "An image's tag always means the same image.",
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
      description: "Images are encrypted with a customer managed KMS key.",
      severity: "medium",
      remediation:
        "Set encryptionConfigurations to KMS with a key of the stack; a repository that exists is replaced.",
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
        "The audit trail is encrypted with a customer managed KMS key and validates its log files.",
      severity: "high",
      remediation: "Set enableLogFileValidation to true and kmsKeyId to a KMS key of the stack.",
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
      description: "The audit trail records every region and the global services, and is on.",
      severity: "high",
      remediation:
        "Set isMultiRegionTrail and includeGlobalServiceEvents to true, and leave enableLogging out.",
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
      description: "GuardDuty's detector is on.",
      severity: "high",
      remediation: "Leave enable out, or set it to true.",
      url: `${docs}/securityhub/latest/userguide/guardduty-controls.html`,
      remediates: true,
    },
    [["enable", unlessSet(true)]],
  ),
  must(
    ["aws:guardduty/detectorFeature:DetectorFeature"],
    {
      name: "guardduty-feature-on",
      description: "A protection of GuardDuty that is declared is on.",
      severity: "medium",
      remediation: "Set status to ENABLED, or leave the feature out.",
      url: `${docs}/guardduty/latest/ug/guardduty-features-activation-model.html`,
      remediates: true,
    },
    [["status", is("ENABLED")]],
  ),
  must(
    ["aws:athena/workgroup:Workgroup"],
    {
      name: "athena-results-encrypted",
      description: "Athena encrypts results with a customer managed KMS key, whatever a client asks for.",
      severity: "medium",
      remediation:
        "Set configuration.enforceWorkgroupConfiguration to true, and SSE_KMS with a key in resultConfiguration.encryptionConfiguration.",
      url: `${docs}/athena/latest/ug/workgroups-settings-override.html`,
    },
    [
      ["configuration.enforceWorkgroupConfiguration", unlessSet(true)],
      ["configuration.resultConfiguration.encryptionConfiguration.encryptionOption", is("SSE_KMS")],
      ["configuration.resultConfiguration.encryptionConfiguration.kmsKeyArn", given],
    ],
  ),
];
