import type { Policies } from "@pulumi/policy";
import { between, containing, given, is, like, unlessSet } from "../../standards/tests";
import { must, type Whole } from "../lib/must";

const docs = "https://docs.aws.amazon.com";
const whereProtected = ({ protect }: Whole) => protect;

/** Files, buckets, secrets and keys, property by property. */
export const storageRows: Policies = [
  must(
    ["aws:efs/accessPoint:AccessPoint"],
    {
      name: "efs-access-point-confined",
      description: "An access point enforces a non-root user and a root directory that is closed to others.",
      severity: "high",
      remediation:
        "Set posixUser to a user and group above 0, and rootDirectory to a path with permissions like 0750.",
      url: `${docs}/securityhub/latest/userguide/efs-controls.html`,
    },
    [
      ["posixUser.uid", between(1, 4_294_967_295)],
      ["posixUser.gid", between(1, 4_294_967_295)],
      ["rootDirectory.path", like(/^\/[^/]/, "a directory below /")],
      ["rootDirectory.creationInfo.ownerUid", between(1, 4_294_967_295)],
      ["rootDirectory.creationInfo.ownerGid", between(1, 4_294_967_295)],
      ["rootDirectory.creationInfo.permissions", like(/^0?7[0-7]0$/, "closed to others, like 0750")],
    ],
  ),
  must(
    ["aws:efs/backupPolicy:BackupPolicy"],
    {
      name: "efs-backup-enabled",
      description: "Files are backed up every day.",
      severity: "high",
      remediation: "Set backupPolicy.status to ENABLED.",
      url: `${docs}/efs/latest/ug/awsbackup.html`,
      remediates: true,
    },
    [["backupPolicy.status", is("ENABLED")]],
  ),
  must(
    ["aws:efs/mountTarget:MountTarget"],
    {
      name: "efs-mount-target-grouped",
      description: "Mount targets have a security group of the stack.",
      severity: "high",
      remediation: "Set securityGroups: without them the VPC's default group is used.",
      url: `${docs}/efs/latest/ug/network-access.html`,
    },
    [["securityGroups", given]],
  ),
  must(
    ["aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"],
    {
      name: "s3-customer-keys-blocked",
      description: "Buckets block SSE-C, encryption with keys that requests bring.",
      severity: "medium",
      remediation: "List SSE-C in blockedEncryptionTypes of each rule.",
      url: `${docs}/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html`,
    },
    [["rules[].blockedEncryptionTypes", containing("SSE-C")]],
  ),
  must(
    ["aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"],
    {
      name: "s3-object-lock-retention",
      description: "A locked bucket has a default retention.",
      severity: "high",
      remediation: "Set rule.defaultRetention to a mode and at least 7 days.",
      url: `${docs}/AmazonS3/latest/userguide/object-lock.html`,
    },
    [
      ["rule.defaultRetention.mode", is("GOVERNANCE", "COMPLIANCE")],
      [
        "rule.defaultRetention.days",
        between(7, 36_500),
        ({ props }) =>
          (props.rule as { defaultRetention?: { years?: number } } | undefined)?.defaultRetention?.years ===
          undefined,
      ],
      ["objectLockEnabled", unlessSet("Enabled")],
    ],
  ),
  must(
    ["aws:s3/bucketLogging:BucketLogging"],
    {
      name: "s3-logging-target",
      description: "Access to a bucket is recorded in another bucket.",
      severity: "medium",
      remediation: "Set targetBucket to the bucket for access logs.",
      url: `${docs}/AmazonS3/latest/userguide/ServerLogs.html`,
    },
    [["targetBucket", given]],
  ),
  must(
    ["aws:s3/bucketCorsConfiguration:BucketCorsConfiguration"],
    {
      name: "s3-cors-origins-named",
      description: "Browsers reach a bucket from named sites only, over HTTPS.",
      severity: "high",
      remediation: "List the sites in allowedOrigins, with https:// and without wildcards.",
      url: `${docs}/AmazonS3/latest/userguide/cors.html`,
    },
    [
      ["corsRules[].allowedOrigins", given],
      ["corsRules[].allowedOrigins[]", like(/^https:\/\/[^*]+$/, "an https:// origin without wildcard")],
    ],
  ),
  must(
    ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"],
    {
      name: "s3-block-bucket",
      description: "A block of public access is for a bucket of the stack.",
      severity: "high",
      remediation: "Set bucket.",
      url: `${docs}/AmazonS3/latest/userguide/access-control-block-public-access.html`,
    },
    [["bucket", given]],
  ),
  must(
    ["aws:secretsmanager/secret:Secret"],
    {
      name: "secretsmanager-recoverable",
      description: "A protected secret can be restored after its deletion.",
      severity: "high",
      remediation: "Set recoveryWindowInDays to 7 or more.",
      url: `${docs}/secretsmanager/latest/userguide/manage_delete-secret.html`,
    },
    [["recoveryWindowInDays", between(7, 30), whereProtected]],
  ),
  must(
    ["aws:secretsmanager/secretRotation:SecretRotation"],
    {
      name: "secretsmanager-rotated",
      description: "Secrets rotate at least every 90 days.",
      severity: "medium",
      remediation: "Set rotationRules.automaticallyAfterDays to 90 or less.",
      url: `${docs}/securityhub/latest/userguide/secretsmanager-controls.html`,
    },
    [
      ["rotationLambdaArn", given],
      [
        "rotationRules.automaticallyAfterDays",
        between(1, 90),
        ({ props }) =>
          (props.rotationRules as { scheduleExpression?: string } | undefined)?.scheduleExpression ===
          undefined,
      ],
    ],
  ),
  must(
    ["aws:kms/key:Key"],
    {
      name: "kms-key-enabled",
      description: "A key is enabled, and its policy can't lock the account out.",
      severity: "high",
      remediation: "Leave isEnabled and bypassPolicyLockoutSafetyCheck out; set deletionWindowInDays.",
      url: `${docs}/kms/latest/developerguide/key-policies.html`,
    },
    [
      ["isEnabled", unlessSet(true)],
      ["bypassPolicyLockoutSafetyCheck", unlessSet(false)],
      ["deletionWindowInDays", between(7, 30), ({ props }) => props.deletionWindowInDays !== undefined],
      ["rotationPeriodInDays", between(90, 365), ({ props }) => props.rotationPeriodInDays !== undefined],
    ],
  ),
];
