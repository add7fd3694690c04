import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { BucketStore } from "../../systems/spec";
import type { Context } from "../base/context";

/** Key prefix of the CDN's logs in the access log bucket. */
export const cdnLogPrefix = "cdn";

/** Key prefix of the VPC's DNS query logs in the access log bucket. */
export const queryLogPrefix = "dns";

/** Key prefix of AWS Config's files in the access log bucket. */
export const configPrefix = "config";

export const bucketArn = (bucket: string) => `arn:aws:s3:::${bucket}`;

export const tlsOnly = (arn: string): aws.iam.PolicyStatement => ({
  Sid: "TlsOnly",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [arn, `${arn}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

/**
 * Statements that deny access to everyone. They have only plain values, so a preview shows them in full.
 *
 * An upload without encryption headers is encrypted with the bucket's default key; an upload with any is denied.
 */
export function bucketPolicy(bucket: string): aws.types.input.s3.PolicyDocument {
  const arn = bucketArn(bucket);
  return {
    Version: "2012-10-17",
    Statement: [
      tlsOnly(arn),
      {
        Sid: "OwnKeyOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:PutObject",
        Resource: `${arn}/*`,
        Condition: { Null: { "s3:x-amz-server-side-encryption": "false" } },
      },
    ],
  };
}

/**
 * S3, load balancers, CloudWatch's log delivery and, where they are, the CDN and AWS Config of this account may write
 * here, and requests without TLS are denied. Sources: ELB user guides, access logs of application and of network load
 * balancers; CloudWatch Logs user guide, logs sent to Amazon S3 (V1 and V2).
 */
export function accessLogsPolicy(
  bucket: string,
  { accountId, region }: Context,
  { cdn, config = false }: { readonly cdn: boolean; readonly config?: boolean },
): aws.types.input.s3.PolicyDocument {
  const arn = bucketArn(bucket);
  return {
    Version: "2012-10-17",
    Statement: [
      tlsOnly(arn),
      {
        Sid: "S3AccessLogs",
        Effect: "Allow",
        Principal: { Service: "logging.s3.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: `${arn}/*`,
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      },
      {
        Sid: "ApplicationLoadBalancerLogs",
        Effect: "Allow",
        Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: `${arn}/*/AWSLogs/${accountId}/*`,
        Condition: {
          ArnLike: { "aws:SourceArn": `arn:aws:elasticloadbalancing:${region}:${accountId}:loadbalancer/*` },
        },
      },
      {
        Sid: "NetworkLoadBalancerLogs",
        Effect: "Allow",
        Principal: { Service: "delivery.logs.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: `${arn}/*/AWSLogs/${accountId}/*`,
        Condition: {
          StringEquals: { "aws:SourceAccount": accountId, "s3:x-amz-acl": "bucket-owner-full-control" },
          ArnLike: { "aws:SourceArn": `arn:aws:logs:${region}:${accountId}:*` },
        },
      },
      {
        Sid: "NetworkLoadBalancerLogsAclCheck",
        Effect: "Allow",
        Principal: { Service: "delivery.logs.amazonaws.com" },
        Action: "s3:GetBucketAcl",
        Resource: arn,
        Condition: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": `arn:aws:logs:${region}:${accountId}:*` },
        },
      },
      ...(cdn ? [cdnLogs(arn, accountId)] : []),
      ...(config ? configFiles(arn, accountId) : []),
    ],
  };
}

/** Source: AWS Config developer guide, permissions for the Amazon S3 bucket. */
const configFiles = (arn: string, accountId: string): aws.iam.PolicyStatement[] => {
  const config = { Effect: "Allow" as const, Principal: { Service: "config.amazonaws.com" } };
  const ofAccount = { "aws:SourceAccount": accountId };
  return [
    {
      Sid: "ConfigBucketCheck",
      ...config,
      Action: ["s3:GetBucketAcl", "s3:ListBucket"],
      Resource: arn,
      Condition: { StringEquals: ofAccount },
    },
    {
      Sid: "ConfigFiles",
      ...config,
      Action: "s3:PutObject",
      Resource: `${arn}/${configPrefix}/AWSLogs/${accountId}/Config/*`,
      Condition: { StringEquals: { ...ofAccount, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
  ];
};

const cdnLogs = (arn: string, accountId: string): aws.iam.PolicyStatement => ({
  Sid: "CdnLogs",
  Effect: "Allow",
  Principal: { Service: "delivery.logs.amazonaws.com" },
  Action: "s3:PutObject",
  Resource: `${arn}/${cdnLogPrefix}/*`,
  Condition: {
    StringEquals: { "aws:SourceAccount": accountId, "s3:x-amz-acl": "bucket-owner-full-control" },
    // CloudFront delivers from this region whatever the bucket's.
    ArnLike: { "aws:SourceArn": `arn:aws:logs:us-east-1:${accountId}:delivery-source:*` },
  },
});

const objectActions = {
  read: ["s3:GetObject"],
  "read-write": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
} as const satisfies Record<BucketStore["access"], readonly string[]>;

/** Reading an object decrypts its data key; writing one generates a data key, and decrypts it for multipart uploads. */
const keyActions = {
  read: ["kms:Decrypt"],
  "read-write": ["kms:Decrypt", "kms:GenerateDataKey"],
} as const satisfies Record<BucketStore["access"], readonly string[]>;

/** Permissions of a workload that refers to the bucket: on the bucket, and on the key through S3. */
export function bucketGrants(
  bucket: string,
  access: BucketStore["access"],
  { region }: Context,
  keyArn: pulumi.Input<string>,
): aws.iam.PolicyStatement[] {
  const arn = bucketArn(bucket);
  return [
    { Effect: "Allow", Action: ["s3:ListBucket", "s3:GetBucketLocation"], Resource: arn },
    { Effect: "Allow", Action: [...objectActions[access]], Resource: `${arn}/*` },
    {
      Effect: "Allow",
      Action: [...keyActions[access]],
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
    },
  ];
}
