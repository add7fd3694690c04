import { sample, scenario, unknown } from "../scenario";

const refs = { bucket: ["bucket"] };

/** A policy document as JSON. */
export const document = (...statements: object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

const refusesPlainHttp = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: ["arn:aws:s3:::backups", "arn:aws:s3:::backups/*"],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const opensToAll = {
  Effect: "Allow",
  Principal: "*",
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::backups/*",
};

export const buckets = [
  scenario(
    "a bucket with its companion resources",
    {
      bucket: sample("aws:s3/bucket:Bucket", { bucket: "backups", forceDestroy: false }, { protect: true }),
      block: sample(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        {
          bucket: unknown,
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        },
        { refs },
      ),
      encryption: sample(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        {
          bucket: unknown,
          rules: [
            {
              applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: unknown },
              bucketKeyEnabled: true,
            },
          ],
        },
        { refs },
      ),
      versioning: sample(
        "aws:s3/bucketVersioning:BucketVersioning",
        { bucket: unknown, versioningConfiguration: { status: "Enabled" } },
        { refs },
      ),
      policy: sample(
        "aws:s3/bucketPolicy:BucketPolicy",
        { bucket: unknown, policy: document(refusesPlainHttp) },
        { refs },
      ),
      // Refers to its bucket by name, which counts like a reference.
      ownership: sample("aws:s3/bucketOwnershipControls:BucketOwnershipControls", {
        bucket: "backups",
        rule: { objectOwnership: "BucketOwnerEnforced" },
      }),
      lifecycle: sample(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        { bucket: unknown, rules: [{ id: "cold", status: "Enabled" }] },
        { refs },
      ),
    },
    [
      ["s3-bucket-complete", (stack) => delete (stack as Partial<typeof stack>).block],
      ["s3-bucket-complete", (stack) => delete (stack as Partial<typeof stack>).encryption],
      ["s3-bucket-complete", (stack) => delete (stack as Partial<typeof stack>).versioning],
      ["s3-bucket-complete", (stack) => delete (stack as Partial<typeof stack>).policy],
      ["s3-bucket-complete", ({ ownership }) => (ownership.props.bucket = "another")],
      ["s3-bucket-complete", ({ lifecycle }) => (lifecycle.refs = { bucket: [] })],
      ["s3-public-access-blocked", ({ block }) => delete block.props.restrictPublicBuckets],
      ["s3-public-access-blocked", ({ block }) => (block.props.blockPublicAcls = false)],
      [
        "s3-encryption-own-key",
        ({ encryption }) =>
          (encryption.props.rules = [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }]),
      ],
      [
        "s3-encryption-own-key",
        ({ encryption }) =>
          (encryption.props.rules = [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }]),
      ],
      [
        "s3-versioning-enabled",
        ({ versioning }) => (versioning.props.versioningConfiguration = { status: "Suspended" }),
      ],
      [
        "s3-ownership-enforced",
        ({ ownership }) => (ownership.props.rule = { objectOwnership: "ObjectWriter" }),
      ],
      [
        "s3-lifecycle-active",
        ({ lifecycle }) => (lifecycle.props.rules = [{ id: "cold", status: "Disabled" }]),
      ],
      [
        "s3-no-public-acl",
        ({ bucket }) =>
          Object.assign(bucket, { type: "aws:s3/bucketAcl:BucketAcl", props: { acl: "public-read" } }),
      ],
      [
        ["s3-no-inline-settings", "s3-no-public-acl"],
        ({ bucket }) => (bucket.props.acl = "public-read-write"),
      ],
      ["s3-no-inline-settings", ({ bucket }) => (bucket.props.versioning = { enabled: true })],
      ["s3-protected-not-emptied", ({ bucket }) => (bucket.props.forceDestroy = true)],
      [
        "s3-policy-tls-only",
        ({ policy }) => (policy.props.policy = document({ ...refusesPlainHttp, Action: "s3:ListBucket" })),
      ],
      [
        "s3-policy-tls-only",
        ({ policy }) =>
          (policy.props.policy = document({
            ...refusesPlainHttp,
            Condition: { Bool: { "aws:SecureTransport": "true" } },
          })),
      ],
      [
        "s3-policy-not-public",
        ({ policy }) => (policy.props.policy = document(refusesPlainHttp, opensToAll)),
      ],
      [
        "s3-policy-not-public",
        ({ policy }) =>
          (policy.props.policy = document(refusesPlainHttp, { ...opensToAll, Principal: { AWS: ["*"] } })),
      ],
      [["s3-policy-tls-only", "s3-policy-not-public"], ({ policy }) => (policy.props.policy = "no document")],
    ],
  ),
  scenario("the deprecated bucket type", {}, [
    [
      "s3-current-bucket-type",
      (stack) => Object.assign(stack, { old: sample("aws:s3/bucketV2:BucketV2", {}) }),
    ],
  ]),
];
