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
    "Names of resources that may use S3's own keys (AES256), as access logs of S3 and load balancers must.",
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
  ["BucketPublicAccessBlock", "blocks all public access"],
  ["BucketServerSideEncryptionConfiguration", "sets its encryption"],
  ["BucketVersioning", "keeps old versions"],
  ["BucketPolicy", "refuses plain HTTP"],
  ["BucketOwnershipControls", "turns ACLs off"],
  ["BucketLifecycleConfiguration", "limits retention"],
] as const;

const typeOf = (kind: string) => `aws:s3/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`;

/** Buckets: companion resources, encryption, versions and lifecycle. */
export const s3: Policies = [
  beside(
    {
      name: "s3-bucket-complete",
      description:
        "Every bucket has a public access block, encryption, versions, a policy, ownership controls and a lifecycle.",
      severity: "critical",
      remediation: `Add what is missing, with the bucket's id: ${companions.map(([kind]) => kind).join(", ")}.`,
      url: `${guide}/security-best-practices.html`,
    },
    companions.map(([kind, purpose]) => ["aws:s3/bucket:Bucket.bucket", `${typeOf(kind)}.bucket`, purpose]),
  ),
  onType(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    {
      name: "s3-encryption-own-key",
      description: "Buckets are encrypted with a customer managed KMS key.",
      severity: "high",
      remediation: "Set sseAlgorithm to aws:kms and kmsMasterKeyId to the ARN of a KMS key of the stack.",
      url: `${guide}/UsingKMSEncryption.html`,
      settings: { withoutKms },
    },
    (encryption, { args, settings, report }) => {
      const own = !settings.withoutKms.includes(args.name);
      if (!encryption.rules?.length) report("rules is empty.");
      each(encryption.rules, (rule) => {
        const chosen = rule.applyServerSideEncryptionByDefault;
        if (!own) {
          if (!isGiven(chosen, "sseAlgorithm")) report("sseAlgorithm is not set.");
        } else if (!kmsAlgorithms.includes(chosen?.sseAlgorithm ?? "")) {
          report(`sseAlgorithm is ${shown(chosen?.sseAlgorithm)}; it must be "aws:kms".`);
        } else if (!isGiven(chosen, "kmsMasterKeyId")) {
          report("kmsMasterKeyId is not set, so AWS' own key is used.");
        }
      });
    },
  ),
  onType(
    "aws:s3/bucketVersioning:BucketVersioning",
    {
      name: "s3-versioning-enabled",
      description: "Buckets keep versions of overwritten and deleted objects.",
      severity: "high",
      remediation: "Set versioningConfiguration.status to Enabled.",
      url: `${guide}/Versioning.html`,
    },
    (versioning, { report }) => {
      const found = versioning.versioningConfiguration?.status;
      if (found !== "Enabled") report(`versioningConfiguration.status is ${shown(found)}.`);
    },
  ),
  onType(
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    {
      name: "s3-ownership-enforced",
      description: "The account owns every object, and ACLs are off.",
      severity: "medium",
      remediation: "Set rule.objectOwnership to BucketOwnerEnforced.",
      url: `${guide}/about-object-ownership.html`,
    },
    (controls, { report }) => {
      const found = controls.rule?.objectOwnership;
      if (found !== "BucketOwnerEnforced") report(`rule.objectOwnership is ${shown(found)}.`);
    },
  ),
  onType(
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    {
      name: "s3-lifecycle-active",
      description: "A bucket's lifecycle has an enabled rule.",
      severity: "low",
      remediation: "Set the status of at least one rule to Enabled.",
      url: `${guide}/object-lifecycle-mgmt.html`,
    },
    (lifecycle, { report }) => {
      if (!lifecycle.rules?.some((rule) => rule.status === "Enabled")) report("no rule is Enabled.");
    },
  ),
  onType(
    "aws:s3/bucket:Bucket",
    {
      name: "s3-no-inline-settings",
      description: "A bucket's settings are separate resources.",
      severity: "medium",
      remediation:
        "Move them to BucketVersioning, BucketPolicy and the like: two owners undo each other's work.",
      url: "https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/",
    },
    (bucket, { report }) => {
      const found = inlineSettings.filter((setting) => isGiven(bucket, setting));
      if (found.length > 0) report(`${found.join(", ")} stand on the bucket itself.`);
    },
  ),
  onType(
    "aws:s3/bucket:Bucket",
    {
      name: "s3-protected-not-emptied",
      description: "A protected bucket is never emptied to be deleted.",
      severity: "high",
      remediation: "Set forceDestroy to false where `protect` is on.",
      url: "https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/",
    },
    (bucket, { args, report }) => {
      if (args.opts.protect && bucket.forceDestroy === true) report("protected, but forceDestroy is true.");
    },
  ),
  onType(
    "aws:s3/bucketV2:BucketV2",
    {
      name: "s3-current-bucket-type",
      description: "Buckets are of the current type, which all the other rules look at.",
      severity: "medium",
      remediation: "Use aws.s3.Bucket: BucketV2 is its deprecated alias.",
      url: "https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/",
    },
    (_bucket, { report }) => report("found aws.s3.BucketV2."),
  ),
];
