import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Context } from "../base/context";
import { physicalName } from "../base/naming";
import type { AccessLogs } from "./access-logs";
import { bucketArn, tlsOnly } from "./bucket-policy";
import { PrivateBucket } from "./private-bucket";

export interface BackupReportsArgs {
  readonly context: Context;
  /** Retention of the reports in days. */
  readonly days: number;
  readonly accessLogs: Pick<AccessLogs, "bucketName">;
}

/** Days in which a deleted report can be restored. */
const recallDays = 30;

/**
 * Daily reports of AWS Backup's backup and restore jobs, including restore tests, with their status, size and time.
 * They contain names of resources, but no data. They are encrypted with S3's keys: the service-linked role that writes
 * them exists only after the first report plan of an account, so no key policy can name it before. Source: AWS Backup
 * developer guide, creating report plans.
 */
export class BackupReports extends PrivateBucket {
  constructor(
    name: string,
    { context, days, accessLogs }: BackupReportsArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:storage:BackupReports", name, context, opts);
    const { prefix, accountId } = context;
    const bucketName = physicalName("bucket", prefix, "backup-reports", accountId);
    const bucket = this.bucket(bucketName);
    this.encrypted(bucket, { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } });
    this.owned(bucket);
    this.logged(bucket, accessLogs);
    this.aging(this.versioned(bucket), {
      id: "expire",
      expiration: { days },
      noncurrentVersionExpiration: { noncurrentDays: recallDays },
    });
    const plans = ["BACKUP_JOB_REPORT", "RESTORE_JOB_REPORT"].map((reportTemplate) => {
      const what = reportTemplate.replace("_JOB_REPORT", "").toLowerCase();
      return new aws.backup.ReportPlan(
        this.child(what),
        {
          name: `${prefix}_${what}_jobs`.replaceAll("-", "_"),
          description: `Daily report of ${what} jobs`,
          reportDeliveryChannel: { s3BucketName: bucket.bucket, formats: ["CSV"] },
          reportSetting: { reportTemplate },
        },
        this.inside,
      );
    });
    this.closed(bucket, reportsPolicy(bucketName, accountId), plans);
    this.registerOutputs();
  }
}

const reportsPolicy = (bucket: string, accountId: string): aws.types.input.s3.PolicyDocument => ({
  Version: "2012-10-17",
  Statement: [
    tlsOnly(bucketArn(bucket)),
    {
      Sid: "Reports",
      Effect: "Allow",
      Principal: {
        AWS: `arn:aws:iam::${accountId}:role/aws-service-role/reports.backup.amazonaws.com/AWSServiceRoleForBackupReports`,
      },
      Action: "s3:PutObject",
      Resource: `${bucketArn(bucket)}/*`,
      Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
  ],
});
