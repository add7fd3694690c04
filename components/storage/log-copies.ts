import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import type { Context } from "../base/context";
import { metricAlarm } from "../observability/alarm";
import type { AccessLogs } from "./access-logs";
import { bucketArn } from "./bucket-policy";
import { replicationRole } from "./replication";

export interface LogCopiesArgs {
  readonly context: Context;
  readonly from: AccessLogs;
  /** Name of the audit bucket, in the same account. */
  readonly bucket: string;
  /** Its region. Default: that of the bucket of access logs. */
  readonly bucketRegion?: string;
  /** Resources that must exist before the replication. Default: none. */
  readonly waitsFor?: readonly pulumi.Resource[];
  /** ARN of the key that encrypts it. */
  readonly keyArn: pulumi.Input<string>;
  /** Key prefixes to copy. */
  readonly prefixes: readonly string[];
  readonly alarmTopicArn: pulumi.Input<string>;
}

/**
 * Copies logs from the bucket of access logs to the audit bucket, whose Object Lock keeps the copies: S3 can replicate
 * to a bucket with a default retention, but load balancers and S3's log delivery can't write to one. Deletions aren't
 * copied. Sources: S3 user guide, using Object Lock with S3 Replication, and enabling server access logging.
 */
export function logCopies(parent: Component, args: LogCopiesArgs): void {
  const { context, from, bucket, keyArn, prefixes, alarmTopicArn, waitsFor = [] } = args;
  const rules = prefixes.map((prefix, priority): aws.types.input.s3.BucketReplicationConfigRule => ({
    id: prefix.replace(/\W+$/, ""),
    status: "Enabled",
    priority,
    filter: { prefix },
    deleteMarkerReplication: { status: "Disabled" },
    sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
    destination: {
      bucket: bucketArn(bucket),
      encryptionConfiguration: { replicaKmsKeyId: keyArn },
      metrics: { status: "Enabled" },
    },
  }));
  new aws.s3.BucketReplicationConfig(
    parent.child("log-copies"),
    { bucket: from.bucketName, role: replicator(parent, args), rules },
    { ...parent.inside, dependsOn: [from.versioning, ...waitsFor] },
  );
  for (const { id } of rules)
    metricAlarm(parent, `copies-failed-${String(id)}`, {
      name: `${context.prefix}-audit-${String(id)}-failed`,
      description: `S3 failed to replicate logs to the audit bucket (replication rule ${String(id)}), and doesn't retry. See docs/audit.md.`,
      namespace: "AWS/S3",
      metricName: "OperationsFailedReplication",
      dimensions: { SourceBucket: from.bucketName, DestinationBucket: bucket, RuleId: String(id) },
      statistic: "Sum",
      threshold: 1,
      alarmTopicArn,
    });
}

/** ARN of the role that S3 assumes to copy. */
const replicator = (
  parent: Component,
  { context, from, bucket, bucketRegion = context.region, keyArn, prefixes }: LogCopiesArgs,
): pulumi.Output<string> => {
  const source = pulumi.interpolate`arn:aws:s3:::${from.bucketName}`;
  return replicationRole(parent, "replicator", {
    description: "Lets S3 replicate logs to the audit bucket",
    sources: source,
    statements: [
      {
        Effect: "Allow",
        Action: ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
        Resource: prefixes.map((prefix) => pulumi.interpolate`${source}/${prefix}*`),
      },
      {
        Effect: "Allow",
        Action: ["s3:ReplicateObject", "s3:ReplicateTags"],
        Resource: prefixes.map((prefix) => `${bucketArn(bucket)}/${prefix}*`),
      },
      {
        Effect: "Allow",
        Action: ["kms:Encrypt", "kms:GenerateDataKey"],
        Resource: keyArn,
        Condition: { StringEquals: { "kms:ViaService": `s3.${bucketRegion}.amazonaws.com` } },
      },
    ],
  });
};
