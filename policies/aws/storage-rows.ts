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
      description:
        "EFS access points must enforce a user identity other than root, and a root directory that other users can't access.",
      severity: "high",
      remediation:
        "Set posixUser.uid and posixUser.gid above 0, rootDirectory.path to a directory below /, and rootDirectory.creationInfo with the same owner and permissions such as 0750.",
      url: `${docs}/securityhub/latest/userguide/efs-controls.html`,
    },
    [
      ["posixUser.uid", between(1, 4_294_967_295)],
      ["posixUser.gid", between(1, 4_294_967_295)],
      ["rootDirectory.path", like(/^\/[^/]/, "a directory below /")],
      ["rootDirectory.creationInfo.ownerUid", between(1, 4_294_967_295)],
      ["rootDirectory.creationInfo.ownerGid", between(1, 4_294_967_295)],
      [
        "rootDirectory.creationInfo.permissions",
        like(/^0?7[0-7]0$/, "permissions without access for others, such as 0750"),
      ],
    ],
  ),
  must(
    ["aws:efs/backupPolicy:BackupPolicy"],
    {
      name: "efs-backup-enabled",
      description: "EFS file systems must have automatic backups enabled.",
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
      description: "EFS mount targets must have a security group.",
      severity: "high",
      remediation: "Set securityGroups. Otherwise, the VPC's default security group is used.",
      url: `${docs}/efs/latest/ug/network-access.html`,
    },
    [["securityGroups", given]],
  ),
  must(
    ["aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"],
    {
      name: "s3-customer-keys-blocked",
      description: "S3 buckets must block server-side encryption with customer-provided keys (SSE-C).",
      severity: "medium",
      remediation: "Add SSE-C to blockedEncryptionTypes in each rule.",
      url: `${docs}/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html`,
    },
    [["rules[].blockedEncryptionTypes", containing("SSE-C")]],
  ),
  must(
    ["aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"],
    {
      name: "s3-object-lock-retention",
      description: "S3 Object Lock configurations must have a default retention of at least 7 days.",
      severity: "high",
      remediation:
        "Set rule.defaultRetention.mode to GOVERNANCE or COMPLIANCE, and rule.defaultRetention.days to 7 or more.",
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
      description: "S3 server access logs must have a target bucket.",
      severity: "medium",
      remediation: "Set targetBucket to the access log bucket.",
      url: `${docs}/AmazonS3/latest/userguide/ServerLogs.html`,
    },
    [["targetBucket", given]],
  ),
  must(
    ["aws:s3/bucketCorsConfiguration:BucketCorsConfiguration"],
    {
      name: "s3-cors-origins-named",
      description: "S3 CORS rules must list HTTPS origins without wildcards.",
      severity: "high",
      remediation: "List the origins in allowedOrigins, with https:// and without wildcards.",
      url: `${docs}/AmazonS3/latest/userguide/cors.html`,
    },
    [
      ["corsRules[].allowedOrigins", given],
      ["corsRules[].allowedOrigins[]", like(/^https:\/\/[^*]+$/, "an https:// origin without wildcards")],
    ],
  ),
  must(
    ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"],
    {
      name: "s3-block-bucket",
      description: "S3 public access blocks must name their bucket.",
      severity: "high",
      remediation: "Set bucket to a bucket of the stack.",
      url: `${docs}/AmazonS3/latest/userguide/access-control-block-public-access.html`,
    },
    [["bucket", given]],
  ),
  must(
    ["aws:secretsmanager/secret:Secret"],
    {
      name: "secretsmanager-recoverable",
      description: "Protected Secrets Manager secrets must have a recovery window of at least 7 days.",
      severity: "high",
      remediation: "Set recoveryWindowInDays to a number from 7 to 30.",
      url: `${docs}/secretsmanager/latest/userguide/manage_delete-secret.html`,
    },
    [["recoveryWindowInDays", between(7, 30), whereProtected]],
  ),
  must(
    ["aws:secretsmanager/secretRotation:SecretRotation"],
    {
      name: "secretsmanager-rotated",
      description: "Secrets Manager secrets must be rotated at least every 90 days.",
      severity: "medium",
      remediation: "Set rotationLambdaArn, and rotationRules.automaticallyAfterDays to 90 or less.",
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
      description: "KMS keys must be enabled and keep the policy lockout safety check.",
      severity: "high",
      remediation:
        "Remove isEnabled and bypassPolicyLockoutSafetyCheck. Set deletionWindowInDays to a number from 7 to 30 and rotationPeriodInDays to a number from 90 to 365, or remove them.",
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
