import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../components/base/component";
import type { Context } from "../components/base/context";
import { physicalName } from "../components/base/naming";
import { longPollSeconds } from "../components/messaging/queue";
import { queueArn, queuePolicy } from "../components/messaging/queue-policy";
import { metricAlarm } from "../components/observability/alarm";
import { bucketArn } from "../components/storage/bucket-policy";

export interface FileQueueArgs {
  readonly context: Context;
  readonly bucketName: string;
  /** The bucket, known once it has its policy and versioning. */
  readonly bucket: pulumi.Input<string>;
  readonly keyArn: pulumi.Input<string>;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** SQS keeps a message for 14 days at most: as long as a SIEM may be down without missing a file. */
const retentionSeconds = 14 * 24 * 60 * 60;

/** Seconds that a SIEM has to fetch a file before another of its readers gets the message. */
const visibilitySeconds = 300;

/** Age in seconds of the oldest message at which the alarm is raised. CloudTrail delivers every five minutes. */
const tooOld = 6 * 60 * 60;

/** S3 uses the key as a service principal, to send to the queue. Source: Amazon S3 user guide, notifications to an encrypted queue. */
export const notifications = (bucketName: string, { accountId }: Pick<Context, "accountId">) => ({
  Sid: "Notifications",
  Effect: "Allow",
  Principal: { Service: "s3.amazonaws.com" },
  Action: ["kms:GenerateDataKey", "kms:Decrypt"],
  Resource: "*",
  Condition: {
    StringEquals: { "aws:SourceAccount": accountId },
    ArnEquals: { "aws:SourceArn": bucketArn(bucketName) },
  },
});

/**
 * A queue with a message for each new file of the audit. A SIEM receives the message and fetches the file, by a role of the
 * account that may read the queue, the bucket and their key.
 */
export function fileQueue(parent: Component, args: FileQueueArgs): void {
  const { context, bucketName, bucket, keyArn, alarmTopicArn } = args;
  const name = physicalName("queue", context.prefix, "audit-files");
  const arn = queueArn(context, name);
  const queue = new aws.sqs.Queue(
    parent.child("files"),
    {
      name,
      kmsMasterKeyId: keyArn,
      messageRetentionSeconds: retentionSeconds,
      visibilityTimeoutSeconds: visibilitySeconds,
      receiveWaitTimeSeconds: longPollSeconds,
    },
    { ...parent.inside, protect: context.protect },
  );
  const { Version, Statement } = queuePolicy(arn);
  const policy = new aws.sqs.QueuePolicy(
    parent.child("files", "policy"),
    {
      queueUrl: queue.url,
      policy: JSON.stringify({
        Version,
        Statement: [
          ...Statement,
          {
            Sid: "NewFiles",
            Effect: "Allow",
            Principal: { Service: "s3.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: arn,
            Condition: {
              StringEquals: { "aws:SourceAccount": context.accountId },
              ArnEquals: { "aws:SourceArn": bucketArn(bucketName) },
            },
          },
        ],
      }),
    },
    parent.inside,
  );
  new aws.s3.BucketNotification(
    parent.child("files", "notification"),
    {
      bucket,
      queues: [{ queueArn: queue.arn, events: ["s3:ObjectCreated:*"] }],
    },
    // S3 sends a test message at once, and rejects the notification if that fails.
    { ...parent.inside, dependsOn: [policy] },
  );
  metricAlarm(parent, "files-age", {
    name: `${name}-age`,
    description:
      "The SIEM hasn't read the queue of new audit files for six hours. SQS deletes messages after 14 days, so the SIEM would miss files. See docs/audit.md.",
    namespace: "AWS/SQS",
    metricName: "ApproximateAgeOfOldestMessage",
    dimensions: { QueueName: name },
    statistic: "Maximum",
    threshold: tooOld,
    alarmTopicArn,
  });
}
