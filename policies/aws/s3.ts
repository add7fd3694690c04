import type { Policies } from "@pulumi/policy";
import { onType, type Setting } from "../lib/control";
import { beside } from "../lib/beside";
import { each, isGiven, shown } from "../lib/wire";

const guide = "https://docs.aws.amazon.com/AmazonS3/latest/userguide";
const kmsAlgorithms = ["aws:kms", "aws:kms:dsse"];

/** S3 and load balancers write their access logs only to buckets with S3's own encryption. */
const withoutKms: Setting<string[]> = {
  type: "array",
  items: { type: "string" },
  description:
    "Names of resources that may use Amazon S3 managed keys (AES256), which access logs of S3 and load balancers require.",
  default: [
    "primary-access-logs-encryption",
    "standby-access-logs-encryption",
    "foundation-access-logs-encryption",
    "foundation-standby-access-logs-encryption",
    "primary-vault-reports-encryption",
  ],
};

/** Settings that v7 of the provider has in separate resources; using both reverts each other's changes. */
const inlineSettings = [
  "acl",
  "corsRules",
  "grants",
  "lifecycleRules",
  "logging",
  "objectLockConfiguration",
  "policy",
  "replicationConfiguration",
  "serverSideEncryptionConfiguration",
  "versioning",
  "website",
] as const;

/** Companion resources of every bucket, and their purpose. */
const companions = [
  ["BucketPublicAccessBlock", "blocks public access"],
  ["BucketServerSideEncryptionConfiguration", "encrypts its objects"],
  ["BucketVersioning", "keeps versions of its objects"],
  ["BucketPolicy", "denies requests without TLS"],
  ["BucketOwnershipControls", "disables ACLs"],
  ["BucketLifecycleConfiguration", "limits the retention of its objects"],
] as const;

const typeOf = (kind: string) => `aws:s3/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`;

/** Buckets: companion resources, encryption, versions and lifecycle. */
export const s3: Policies = [
  beside(
    {
      name: "s3-bucket-complete",
      description:
        "S3 buckets must have a public access block, encryption, versioning, a bucket policy, ownership controls and a lifecycle configuration.",
      severity: "critical",
      remediation: `Add the missing resources for the bucket: ${companions.map(([kind]) => kind).join(", ")}.`,
      url: `${guide}/security-best-practices.html`,
    },
    companions.map(([kind, purpose]) => ["aws:s3/bucket:Bucket.bucket", `${typeOf(kind)}.bucket`, purpose]),
  ),
  onType(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    {
      name: "s3-encryption-own-key",
      description: "S3 buckets must be encrypted at rest with a customer managed KMS key.",
      severity: "high",
      remediation: "Set sseAlgorithm to aws:kms and kmsMasterKeyId to the ARN of a customer managed KMS key.",
      url: `${guide}/UsingKMSEncryption.html`,
      settings: { withoutKms },
    },
    (encryption, { args, settings, report }) => {
      const own = !settings.withoutKms.includes(args.name);
      if (!encryption.rules?.length) report("rules is empty; it must set the encryption.");
      each(encryption.rules, (rule) => {
        const chosen = rule.applyServerSideEncryptionByDefault;
        if (!own) {
          if (!isGiven(chosen, "sseAlgorithm")) report("sseAlgorithm must be set.");
        } else if (!kmsAlgorithms.includes(chosen?.sseAlgorithm ?? "")) {
          report(`sseAlgorithm is ${shown(chosen?.sseAlgorithm)}; it must be "aws:kms".`);
        } else if (!isGiven(chosen, "kmsMasterKeyId")) {
          report("kmsMasterKeyId is not set; it must be the ARN of a customer managed KMS key.");
        }
      });
    },
  ),
  onType(
    "aws:s3/bucketVersioning:BucketVersioning",
    {
      name: "s3-versioning-enabled",
      description: "S3 buckets must have versioning enabled.",
      severity: "high",
      remediation: "Set versioningConfiguration.status to Enabled.",
      url: `${guide}/Versioning.html`,
    },
    (versioning, { report }) => {
      const found = versioning.versioningConfiguration?.status;
      if (found !== "Enabled")
        report(`versioningConfiguration.status is ${shown(found)}; it must be "Enabled".`);
    },
  ),
  onType(
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    {
      name: "s3-ownership-enforced",
      description: "S3 buckets must have ACLs disabled.",
      severity: "medium",
      remediation: "Set rule.objectOwnership to BucketOwnerEnforced.",
      url: `${guide}/about-object-ownership.html`,
    },
    (controls, { report }) => {
      const found = controls.rule?.objectOwnership;
      if (found !== "BucketOwnerEnforced")
        report(`rule.objectOwnership is ${shown(found)}; it must be "BucketOwnerEnforced".`);
    },
  ),
  onType(
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    {
      name: "s3-lifecycle-active",
      description: "S3 lifecycle configurations must have an enabled rule.",
      severity: "low",
      remediation: "Set the status of at least one rule to Enabled.",
      url: `${guide}/object-lifecycle-mgmt.html`,
    },
    (lifecycle, { report }) => {
      if (!lifecycle.rules?.some((rule) => rule.status === "Enabled"))
        report("no rule has the status Enabled.");
    },
  ),
  onType(
    "aws:s3/bucket:Bucket",
    {
      name: "s3-no-inline-settings",
      description: "S3 bucket settings must be separate resources.",
      severity: "medium",
      remediation:
        "Use aws.s3.BucketVersioning, aws.s3.BucketPolicy and similar resources. Inline settings and separate resources overwrite each other.",
      url: "https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/",
    },
    (bucket, { report }) => {
      const found = inlineSettings.filter((setting) => isGiven(bucket, setting));
      if (found.length > 0) report(`${found.join(", ")} must not be set on the bucket.`);
    },
  ),
  onType(
    "aws:s3/bucket:Bucket",
    {
      name: "s3-protected-not-emptied",
      description: "Protected S3 buckets must not be emptied on deletion.",
      severity: "high",
      remediation: "Set forceDestroy to false where `protect` is true.",
      url: "https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/",
    },
    (bucket, { args, report }) => {
      if (args.opts.protect && bucket.forceDestroy === true)
        report("forceDestroy is true; it must be false for a protected bucket.");
    },
  ),
  onType(
    "aws:s3/bucketV2:BucketV2",
    {
      name: "s3-current-bucket-type",
      description: "S3 buckets must use the resource type aws.s3.Bucket.",
      severity: "medium",
      remediation:
        "Use aws.s3.Bucket, which the other policies check, instead of aws.s3.BucketV2, its deprecated alias.",
      url: "https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/",
    },
    (_bucket, { report }) => report("the type is aws.s3.BucketV2; it must be aws.s3.Bucket."),
  ),
];
