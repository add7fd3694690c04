import type { Policies } from "@pulumi/policy";
import { onType } from "../lib/control";
import { isGiven, shown } from "../lib/wire";

/** Services of one or two rules each: encrypted with keys of ours, and kept for as long as someone decided. */
export const services: Policies = [
  onType(
    "aws:cloudwatch/logGroup:LogGroup",
    {
      name: "logs-retention",
      description: "Every log group says how long it keeps its logs.",
      severity: "medium",
      remediation: "Set retentionInDays; without it logs are kept, and paid for, for ever.",
      url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
    },
    ({ retentionInDays }, { report }) => {
      if (!((retentionInDays ?? 0) > 0)) report(`retentionInDays is ${shown(retentionInDays)}.`);
    },
  ),
  onType(
    "aws:cloudwatch/logGroup:LogGroup",
    {
      name: "logs-own-key",
      description: "Every log group is encrypted with a key of ours.",
      severity: "medium",
      remediation: "Set kmsKeyId to the ARN of a KMS key whose policy lets CloudWatch Logs use it.",
      url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
    },
    (group, { report }) => {
      if (!isGiven(group, "kmsKeyId")) report("kmsKeyId is not set.");
    },
  ),
  onType(
    "aws:secretsmanager/secret:Secret",
    {
      name: "secretsmanager-own-key",
      description: "Every secret is encrypted with a key of ours.",
      severity: "high",
      remediation: "Set kmsKeyId to a KMS key of the stack: AWS' own key can't be shared or limited.",
      url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
    },
    (secret, { report }) => {
      if (!isGiven(secret, "kmsKeyId")) report("kmsKeyId is not set.");
    },
  ),
  onType(
    "aws:ecr/repository:Repository",
    {
      name: "ecr-scan-on-push",
      description: "Every image is scanned when it is pushed.",
      severity: "medium",
      remediation: "Set imageScanningConfiguration.scanOnPush to true.",
      url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html",
    },
    ({ imageScanningConfiguration }, { report }) => {
      if (imageScanningConfiguration?.scanOnPush !== true) report("scanOnPush is not true.");
    },
  ),
  onType(
    "aws:ecr/repository:Repository",
    {
      name: "ecr-immutable-tags",
      description: "An image's tag always means the same image.",
      severity: "high",
      remediation: "Set imageTagMutability to IMMUTABLE.",
      url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
    },
    ({ imageTagMutability }, { report }) => {
      if (imageTagMutability !== "IMMUTABLE") report(`imageTagMutability is ${shown(imageTagMutability)}.`);
    },
  ),
  onType(
    "aws:backup/vault:Vault",
    {
      name: "backup-vault-own-key",
      description: "Every backup vault is encrypted with a key of ours.",
      severity: "high",
      remediation: "Set kmsKeyArn to a KMS key of the stack.",
      url: "https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html",
    },
    (vault, { report }) => {
      if (!isGiven(vault, "kmsKeyArn")) report("kmsKeyArn is not set.");
    },
  ),
  onType(
    "aws:cloudtrail/trail:Trail",
    {
      name: "cloudtrail-tamper-evident",
      description: "The audit trail is encrypted with a key of ours, and a change to it shows.",
      severity: "high",
      remediation: "Set enableLogFileValidation to true and kmsKeyId to a KMS key of the stack.",
      url: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html",
    },
    (trail, { report }) => {
      if (trail.enableLogFileValidation !== true) report("enableLogFileValidation is not true.");
      if (!isGiven(trail, "kmsKeyId")) report("kmsKeyId is not set.");
    },
  ),
  onType(
    "aws:opensearch/domain:Domain",
    {
      name: "opensearch-encrypted",
      description: "A search domain is encrypted at rest, between its nodes and towards its clients.",
      severity: "high",
      remediation:
        "Set encryptAtRest.enabled, nodeToNodeEncryption.enabled and domainEndpointOptions.enforceHttps to true, and tlsSecurityPolicy to Policy-Min-TLS-1-2-PFS-2023-10.",
      url: "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/infrastructure-security.html",
    },
    (domain, { report }) => {
      if (domain.encryptAtRest?.enabled !== true) report("encryptAtRest.enabled is not true.");
      if (domain.nodeToNodeEncryption?.enabled !== true) report("nodeToNodeEncryption.enabled is not true.");
      const { enforceHttps, tlsSecurityPolicy } = domain.domainEndpointOptions ?? {};
      if (enforceHttps !== true) report("domainEndpointOptions.enforceHttps is not true.");
      if (!/^Policy-Min-TLS-1-[23]/.test(tlsSecurityPolicy ?? ""))
        report(`tlsSecurityPolicy is ${shown(tlsSecurityPolicy)}.`);
    },
  ),
];
