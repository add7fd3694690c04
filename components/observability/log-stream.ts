import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import type { Context } from "../base/context";
import { gated } from "../base/gated";
import { physicalName } from "../base/naming";
import { serviceRole, trustOf } from "../base/service-role";
import { metricAlarm } from "./alarm";

/** Key prefix of the stream's files in its bucket. */
export const streamPrefix = "logs";

/** A log group whose events are sent. */
export interface SentGroup {
  readonly group: aws.cloudwatch.LogGroup;
  /** Filter pattern of the events to send; empty: all. */
  readonly pattern: string;
  /** Provider of the group's region. Default: the stream's region. */
  readonly place?: { readonly region: string; readonly provider: aws.Provider };
}

export interface LogStreamArgs {
  readonly context: Context;
  /** Bucket that the files are written to. */
  readonly bucketName: pulumi.Output<string>;
  /** Key that encrypts records in the stream. */
  readonly keyArn: pulumi.Input<string>;
  /** Log groups by the key of the resource. */
  readonly groups: Readonly<Record<string, SentGroup>>;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/**
 * Amount that Firehose buffers before it writes a file. Source: Firehose API reference, BufferingHints: 1 to 128 MiB.
 */
const buffer = { bufferingSize: 64, bufferingInterval: 300 };

/** Age in seconds of the oldest record that isn't delivered. Firehose drops records after 24 hours. */
const tooOld = 60 * 60;

/**
 * Writes events of log groups to a bucket: a subscription of each group to one Firehose stream. Each line of a file is
 * what CloudWatch Logs sent: owner, group, stream and events. A group may be in another region than the stream. Sources:
 * CloudWatch Logs user guide, subscription filters with Firehose, and cross-Region log data sharing using Firehose;
 * Firehose developer guide, decompress CloudWatch Logs.
 */
export function logStream(
  parent: Component,
  { context, bucketName, keyArn, groups, alarmTopicArn }: LogStreamArgs,
): void {
  const { prefix, region, accountId } = context;
  const name = physicalName("deliveryStream", prefix, "audit-logs");
  const stream = new aws.kinesis.FirehoseDeliveryStream(
    parent.child("stream"),
    {
      name,
      destination: "extended_s3",
      serverSideEncryption: { enabled: true, keyType: "CUSTOMER_MANAGED_CMK", keyArn },
      extendedS3Configuration: {
        roleArn: writerArn(parent, context, bucketName),
        bucketArn: pulumi.interpolate`arn:aws:s3:::${bucketName}`,
        // One prefix per day for all environments of the account, for Athena; file names start with the stream's name.
        prefix: `${streamPrefix}/!{timestamp:yyyy/MM/dd}/`,
        errorOutputPrefix: `${streamPrefix}/failed/${prefix}/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/`,
        ...buffer,
        compressionFormat: "GZIP",
        processingConfiguration: {
          enabled: true,
          processors: [
            {
              type: "Decompression",
              parameters: [{ parameterName: "CompressionFormat", parameterValue: "GZIP" }],
            },
            // One record per line: otherwise Athena reads only the first record of a file.
            {
              type: "AppendDelimiterToRecord",
              parameters: [{ parameterName: "Delimiter", parameterValue: "\\n" }],
            },
          ],
        },
      },
    },
    parent.inside,
  );
  const streamArn = `arn:aws:firehose:${region}:${accountId}:deliverystream/${name}`;
  const regions = new Set(Object.values(groups).map(({ place }) => place?.region ?? region));
  const each = (value: (from: string) => string) => [...regions].map(value);
  const { arn: roleArn } = serviceRole(parent, "sender", {
    description: "Lets CloudWatch Logs send log events to a Firehose stream",
    trust: {
      Effect: "Allow",
      Principal: { Service: each((from) => `logs.${from}.amazonaws.com`) },
      Action: "sts:AssumeRole",
      Condition: { ArnLike: { "aws:SourceArn": each((from) => `arn:aws:logs:${from}:${accountId}:*`) } },
    },
    statements: [
      { Effect: "Allow", Action: ["firehose:PutRecord", "firehose:PutRecordBatch"], Resource: streamArn },
    ],
  });
  for (const [key, { group, pattern, place }] of Object.entries(groups))
    new aws.cloudwatch.LogSubscriptionFilter(
      parent.child(key, "subscription"),
      {
        name: `${prefix}-audit`,
        logGroup: group.name,
        filterPattern: pattern,
        destinationArn: stream.arn,
        roleArn,
      },
      // Another destination replaces it, and its name is the group's own.
      { ...parent.inside, ...(place && { provider: place.provider }), deleteBeforeReplace: true },
    );
  metricAlarm(parent, "stream-age", {
    name: `${name}-age`,
    description:
      "Firehose hasn't delivered logs for an hour, so they aren't in the audit bucket. It drops them after 24 hours. See docs/audit.md.",
    namespace: "AWS/Firehose",
    metricName: "DeliveryToS3.DataFreshness",
    dimensions: { DeliveryStreamName: name },
    statistic: "Maximum",
    threshold: tooOld,
    alarmTopicArn,
  });
}

/**
 * ARN of the role that writes the stream's files, known once it and the bucket's policy allow it. Source: Firehose
 * developer guide, grant Firehose access to an Amazon S3 destination.
 */
const writerArn = (
  parent: Component,
  { accountId }: Context,
  bucketName: pulumi.Output<string>,
): pulumi.Output<string> => {
  const bucket = pulumi.interpolate`arn:aws:s3:::${bucketName}`;
  const { arn } = serviceRole(parent, "writer", {
    description: "Lets Firehose write logs to the access log bucket",
    trust: trustOf("firehose.amazonaws.com", accountId),
    statements: [
      {
        Effect: "Allow",
        Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        Resource: bucket,
      },
      {
        Effect: "Allow",
        Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
        Resource: pulumi.interpolate`${bucket}/${streamPrefix}/*`,
      },
    ],
  });
  return gated(arn, [bucketName]);
};
