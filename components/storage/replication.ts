import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import { serviceRole } from "../base/service-role";
import type { StoreOutputs } from "../base/store";
import { bucketArn } from "./bucket-policy";

/** One of two buckets that replicate each other. */
export interface ReplicatedBucket {
  readonly region: string;
  readonly provider: pulumi.ProviderResource;
  /** Key that encrypts its objects. */
  readonly keyArn: pulumi.Input<string>;
  readonly bucket: NonNullable<StoreOutputs["replicable"]>;
}

export interface ReplicationArgs {
  readonly first: ReplicatedBucket;
  readonly second: ReplicatedBucket;
  /** S3 Replication Time Control. */
  readonly timeControl: boolean;
}

/** The only threshold that S3 offers. Source: S3 API reference, ReplicationTimeValue. */
const thresholdMinutes = 15;

/** Id of the one rule of each bucket. */
export const replicationRule = "all";

const enabled = { status: "Enabled" } as const;

/**
 * Replicates two buckets of two regions to each other, so that objects written to the second region after a failover are
 * in the first one before it serves again. S3 doesn't replicate replicas, so there is no loop.
 */
export function replication(parent: Component, key: string, args: ReplicationArgs): void {
  const { first, second } = args;
  const role = roleOfBoth(parent, `${key}-role`, args);
  for (const [way, from, to] of [
    ["out", first, second],
    ["back", second, first],
  ] as const)
    new aws.s3.BucketReplicationConfig(
      parent.child(key, way),
      { bucket: from.bucket.bucket, role, rules: [rule(to, args.timeControl)] },
      {
        ...parent.inside,
        provider: from.provider,
        dependsOn: [...from.bucket.ready, ...to.bucket.ready],
      },
    );
}

const rule = (
  to: ReplicatedBucket,
  timeControl: boolean,
): aws.types.input.s3.BucketReplicationConfigRule => ({
  id: replicationRule,
  status: "Enabled",
  priority: 0,
  filter: { prefix: "" },
  deleteMarkerReplication: enabled,
  sourceSelectionCriteria: { sseKmsEncryptedObjects: enabled },
  destination: {
    bucket: bucketArn(to.bucket.bucket),
    encryptionConfiguration: { replicaKmsKeyId: to.keyArn },
    // Failed replications show only in metrics.
    metrics: timeControl ? { ...enabled, eventThreshold: { minutes: thresholdMinutes } } : enabled,
    ...(timeControl ? { replicationTime: { ...enabled, time: { minutes: thresholdMinutes } } } : {}),
  },
});

/**
 * A role that S3 assumes to replicate buckets. Sources: S3 user guide, setting up permissions for live replication;
 * replicating encrypted objects; using S3 Object Lock with replication.
 */
export const replicationRole = (
  parent: Component,
  key: string,
  {
    description,
    sources,
    statements,
  }: {
    readonly description: string;
    /** ARNs of the buckets that are replicated. */
    readonly sources: pulumi.Input<string> | pulumi.Input<string>[];
    /** What it may do with objects and keys. */
    readonly statements: readonly aws.iam.PolicyStatement[];
  },
): pulumi.Output<string> =>
  serviceRole(parent, key, {
    description,
    trust: { Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sts:AssumeRole" },
    statements: [
      { Effect: "Allow", Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"], Resource: sources },
      ...statements,
    ],
  }).arn;

/** The role for both directions. */
const roleOfBoth = (parent: Component, key: string, { first, second }: ReplicationArgs) => {
  const both = [first, second];
  const arns = both.map(({ bucket }) => bucketArn(bucket.bucket));
  return replicationRole(parent, key, {
    description: "Lets S3 replicate objects between two buckets",
    sources: arns,
    statements: [
      {
        Effect: "Allow",
        Action: [
          "s3:GetObjectVersionForReplication",
          "s3:GetObjectVersionAcl",
          "s3:GetObjectVersionTagging",
          "s3:GetObjectRetention",
          "s3:GetObjectLegalHold",
          "s3:ReplicateObject",
          "s3:ReplicateDelete",
          "s3:ReplicateTags",
        ],
        Resource: arns.map((arn) => `${arn}/*`),
      },
      ...both.map(({ region, keyArn }) => ({
        Effect: "Allow" as const,
        Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
        Resource: keyArn,
        Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
      })),
    ],
  });
};

export interface FilesReplicationArgs {
  readonly fileSystemId: pulumi.Input<string>;
  /** Provider of the first region. */
  readonly provider: pulumi.ProviderResource;
  readonly region: string;
  /** File system of the second region, or the key of one that EFS creates there, without mount targets. */
  readonly to: { readonly fileSystemId: pulumi.Input<string> } | { readonly kmsKeyId: pulumi.Input<string> };
}

/**
 * Replicates a file system to another one in the second region, which is read-only until the replication is deleted. EFS
 * keeps the replica then.
 */
export const filesReplication = (
  parent: Component,
  key: string,
  { fileSystemId, provider, region, to }: FilesReplicationArgs,
): aws.efs.ReplicationConfiguration =>
  new aws.efs.ReplicationConfiguration(
    parent.child(key),
    { sourceFileSystemId: fileSystemId, destination: { region, ...to } },
    // A file system can have only one replication.
    { ...parent.inside, provider, deleteBeforeReplace: true },
  );
