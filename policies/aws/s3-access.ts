import type { Policies } from "@pulumi/policy";
import { type KnownTypes, onType, onTypes } from "../lib/control";
import { allowsAnyone, refusesWithoutTls, type Statement, statements } from "../lib/statements";
import { each, ifUnknown, shown } from "../lib/wire";

const guide = "https://docs.aws.amazon.com/AmazonS3/latest/userguide";
const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

/** True for a statement that refuses everyone everything that comes without TLS, on every object. */
const refusesPlainHttp = (statement: Statement): boolean =>
  refusesWithoutTls(statement, ["s3:GetObject", "s3:PutObject"]) &&
  statement.resources.some((resource) => resource.endsWith("*"));

/** Who reaches buckets, and how. */
export const s3Access: Policies = [
  onType(
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    {
      name: "s3-public-access-blocked",
      description: "Public access to buckets is blocked in all four ways.",
      severity: "critical",
      remediation: `Set ${blocks.join(", ")} to true.`,
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
      description: "No bucket is opened by an ACL.",
      severity: "critical",
      remediation: "Remove the ACL; who may read is said by the bucket's policy.",
      url: `${guide}/acl-overview.html`,
    },
    (holder, { report }) => {
      const found = ifUnknown("[unknown]", () => holder.acl);
      if (/^(public-read|authenticated-read|\[unknown\])/.test(found ?? ""))
        report(`acl is ${shown(found)}.`);
    },
  ),
  onType(
    "aws:s3/bucketPolicy:BucketPolicy",
    {
      name: "s3-policy-tls-only",
      description: "Every bucket refuses requests without TLS.",
      severity: "critical",
      remediation: 'Add a Deny for Principal "*" and Action "s3:*" where aws:SecureTransport is false.',
      url: `${guide}/security-best-practices.html`,
    },
    ({ policy }, { report }) => {
      if (!statements(policy)?.some(refusesPlainHttp)) report("no statement denies what comes without TLS.");
    },
  ),
  onType(
    "aws:s3/bucketPolicy:BucketPolicy",
    {
      name: "s3-policy-not-public",
      description: "No bucket policy lets in whoever comes.",
      severity: "critical",
      remediation: "Name the principals that may act, or bound the statement by a condition.",
      url: `${guide}/access-control-block-public-access.html`,
    },
    ({ policy }, { report }) => {
      const read = statements(policy);
      if (!read) report("policy is not a policy document.");
      else if (read.some(allowsAnyone)) report('a statement allows Principal "*" without a condition.');
    },
  ),
];
