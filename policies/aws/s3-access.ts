import type { Policies } from "@pulumi/policy";
import { type KnownTypes, onType, onTypes } from "../lib/control";
import { noStatement, someStatement } from "../lib/documents";
import { allowsAnyone, refusesWithoutTls } from "../lib/statements";
import { each, ifUnknown, isLater, shown } from "../lib/wire";

const guide = "https://docs.aws.amazon.com/AmazonS3/latest/userguide";
const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

const bucketPolicy = ["aws:s3/bucketPolicy:BucketPolicy"];

/** S3: public access and TLS. */
export const s3Access: Policies = [
  onType(
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    {
      name: "s3-public-access-blocked",
      description: "S3 buckets must block public access.",
      severity: "critical",
      remediation:
        "Set blockPublicAcls, blockPublicPolicy, ignorePublicAcls and restrictPublicBuckets to true.",
      url: `${guide}/access-control-block-public-access.html`,
    },
    (block, { report }) =>
      each(blocks, (field) => {
        if (block[field] !== true) report(`${field} is ${shown(block[field])}; it must be true.`);
      }),
  ),
  onTypes<KnownTypes["aws:s3/bucketAcl:BucketAcl"]>(
    (type) => type === "aws:s3/bucketAcl:BucketAcl" || type === "aws:s3/bucket:Bucket",
    {
      name: "s3-no-public-acl",
      description: "S3 buckets must not allow public access with ACLs.",
      severity: "critical",
      remediation: "Remove acl, and grant access in the bucket policy.",
      url: `${guide}/acl-overview.html`,
    },
    (holder, { report }) => {
      const found = ifUnknown("[unknown]", () => holder.acl);
      if (/^(public-read|authenticated-read|\[unknown\])/.test(found ?? ""))
        report(`acl is ${shown(found)}; it must not grant public access.`);
    },
  ),
  someStatement(
    bucketPolicy,
    {
      name: "s3-policy-tls-only",
      description: "S3 bucket policies must deny requests without TLS.",
      severity: "critical",
      remediation:
        'Add a statement that denies "s3:*" to Principal "*" on the bucket and its objects if aws:SecureTransport is false, without other conditions.',
      url: `${guide}/security-best-practices.html`,
    },
    "no statement denies all requests without TLS.",
    (statement) =>
      refusesWithoutTls(
        statement,
        ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
        // The bucket and all its objects. Bucket names may be known only after `up`.
        (resources) => resources.some((one) => /(^|\/)\*$/.test(one) || isLater(one)) && resources.length > 0,
      ),
  ),
  noStatement(
    { types: bucketPolicy, reads: true },
    {
      name: "s3-policy-not-public",
      description: "S3 bucket policies must not allow public access.",
      severity: "critical",
      remediation: "Name the principals, or add a condition that limits the caller.",
      url: `${guide}/access-control-block-public-access.html`,
    },
    (statement) =>
      allowsAnyone(statement) &&
      'a statement allows Principal "*" without a condition that limits the caller.',
  ),
];
