import type { Rule, Rules } from "../../rule";
import { all, exactlyOne, oneOf } from "./checks";
import { at, type Values } from "../../wire";

const bucket = "aws:s3/bucket:Bucket";

/** A setting of a bucket, with the bucket's name as its id. */
const beside = (more: Partial<Rule> = {}): Rule => ({
  id: "{bucket}",
  replace: ["bucket"],
  refs: { bucket },
  ...more,
});

/** A setting that can also name the account that must own the bucket. */
const owned = (more: Partial<Rule> = {}) => beside({ replace: ["bucket", "expectedBucketOwner"], ...more });

const retention = "rule.defaultRetention";
const lock = all(
  oneOf({ [`${retention}.mode`]: ["GOVERNANCE", "COMPLIANCE"], objectLockEnabled: ["Enabled"] }),
  (values) =>
    at(values, "rule").length === 0 ? [] : exactlyOne(`${retention}.days`, `${retention}.years`)(values),
);

/** Format of the keys of access logs: exactly one, if set. */
const format = "targetObjectKeyFormat";
const keyFormat = (values: Values) =>
  at(values, format).length === 0
    ? []
    : exactlyOne(`${format}.partitionedPrefix`, `${format}.simplePrefix`)(values);

/** Buckets, registries and the like. */
export const storageRules: Rules = {
  [bucket]: {
    id: "{bucket}",
    arn: "arn:aws:s3:::{bucket}",
    name: {
      property: "bucket",
      min: 3,
      max: 63,
      auto: true,
      pattern: /^[a-z0-9][a-z0-9.-]*[a-z0-9]$/,
      what: "lower case letters, digits, - and .",
    },
    replace: [
      "bucket",
      "bucketNamespace",
      "bucketPrefix",
      "objectLockConfiguration.objectLockEnabled",
      "objectLockEnabled",
    ],
    defaults: { forceDestroy: false, objectLockEnabled: false },
    outputs: {
      bucketDomainName: "{bucket}.s3.amazonaws.com",
      bucketRegionalDomainName: "{bucket}.s3.{region}.amazonaws.com",
      hostedZoneId: "Z{hex13}",
    },
    held: true,
  },
  "aws:s3/bucketVersioning:BucketVersioning": owned(),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": owned({
    unordered: ["rules"],
  }),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": beside(),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": owned(),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": beside(),
  "aws:s3/bucketPolicy:BucketPolicy": beside({ documents: ["policy"] }),
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": beside(),
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": {
    ...owned({ check: lock }),
    replace: ["bucket", "expectedBucketOwner", "objectLockEnabled"],
    defaults: { objectLockEnabled: "Enabled" },
  },
  "aws:s3/bucketLogging:BucketLogging": owned({
    unordered: ["targetGrants"],
    refs: { bucket, targetBucket: bucket },
    check: keyFormat,
  }),
  "aws:s3/bucketNotification:BucketNotification": beside(),
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": owned({
    unordered: [
      "corsRules",
      "corsRules.allowedHeaders",
      "corsRules.allowedMethods",
      "corsRules.allowedOrigins",
      "corsRules.exposeHeaders",
    ],
    check: oneOf({ "corsRules.allowedMethods": ["GET", "HEAD", "PUT", "POST", "DELETE"] }),
  }),
  "aws:ecr/repository:Repository": {
    id: "{name}",
    arn: "arn:aws:ecr:{region}:{account}:repository/{name}",
    name: {
      property: "name",
      min: 2,
      max: 256,
      auto: true,
      pattern: /^[a-z0-9]+([._/-]+[a-z0-9]+)*$/,
      what: "lower case letters, digits and ._-/",
    },
    replace: ["name", "encryptionConfigurations"],
    defaults: { imageTagMutability: "MUTABLE" },
    outputs: { repositoryUrl: "{account}.dkr.ecr.{region}.amazonaws.com/{name}", registryId: "{account}" },
    held: true,
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    id: "{repository}",
    replace: ["policy", "repository"],
    documents: ["policy"],
    refs: { repository: "aws:ecr/repository:Repository" },
  },
};
