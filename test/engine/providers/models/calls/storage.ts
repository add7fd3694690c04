import { callsOf, type Mappings } from "../call";

const s3 = callsOf("s3");

export const storageCalls: Mappings = {
  "aws:s3/bucket:Bucket": {
    calls: [
      s3("CreateBucket"),
      s3("PutBucketTagging", {
        members: { tags: "Tagging.TagSet" },
        only: ["bucket", "tags"],
        when: ({ tags }) => tags !== undefined,
      }),
    ],
    elsewhere: { forceDestroy: "what the provider does before it deletes" },
  },
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": {
    calls: [s3("PutBucketCors", { members: { corsRules: "CORSConfiguration.CORSRules" } })],
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    calls: [
      s3("PutBucketLifecycleConfiguration", {
        members: { rules: "LifecycleConfiguration.Rules" },
      }),
    ],
  },
  "aws:s3/bucketLogging:BucketLogging": {
    calls: [
      s3("PutBucketLogging", {
        members: {
          targetBucket: "BucketLoggingStatus.LoggingEnabled.TargetBucket",
          targetPrefix: "BucketLoggingStatus.LoggingEnabled.TargetPrefix",
          targetObjectKeyFormat: "BucketLoggingStatus.LoggingEnabled.TargetObjectKeyFormat",
        },
      }),
    ],
  },
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": {
    calls: [s3("PutObjectLockConfiguration", { members: { rule: "ObjectLockConfiguration.Rule" } })],
  },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
    calls: [s3("PutBucketOwnershipControls", { members: { rule: "OwnershipControls.Rules" } })],
  },
  "aws:s3/bucketPolicy:BucketPolicy": { calls: [s3("PutBucketPolicy")] },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    calls: [
      s3("PutPublicAccessBlock", {
        members: Object.fromEntries(
          ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"].map(
            (name) => [
              name.charAt(0).toLowerCase() + name.slice(1),
              `PublicAccessBlockConfiguration.${name}`,
            ],
          ),
        ),
      }),
    ],
  },
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": {
    calls: [
      s3("PutBucketReplication", {
        members: {
          role: "ReplicationConfiguration.Role",
          rules: "ReplicationConfiguration.Rules",
          "rules.id": "ID",
          "rules.destination.encryptionConfiguration.replicaKmsKeyId": "ReplicaKmsKeyID",
        },
      }),
    ],
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    calls: [
      s3("PutBucketEncryption", {
        members: {
          rules: "ServerSideEncryptionConfiguration.Rules",
          "rules.blockedEncryptionTypes": "BlockedEncryptionTypes.EncryptionType",
        },
      }),
    ],
  },
  "aws:s3/bucketVersioning:BucketVersioning": { calls: [s3("PutBucketVersioning")] },
};
