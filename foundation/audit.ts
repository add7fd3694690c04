import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Context } from "../components/base/context";
import { physicalName } from "../components/base/naming";
import { kmsKey } from "../components/security/keys";
import type { AccessLogs } from "../components/storage/access-logs";
import { bucketArn, configPrefix, tlsOnly } from "../components/storage/bucket-policy";
import { logCopies } from "../components/storage/log-copies";
import { PrivateBucket } from "../components/storage/private-bucket";
import type { AuditSettings } from "../config";
import { fileQueries } from "./queries/files";
import { logQueries } from "./queries/logs";
import { queries } from "./queries/queries";
import { fileQueue, notifications } from "./siem";

export interface AuditArgs {
  readonly context: Context;
  readonly settings: AuditSettings;
  readonly accessLogs: AccessLogs;
  /** Whether AWS Config writes to the access log bucket, so that its files are copied. */
  readonly config: boolean;
  readonly alarmTopicArn: pulumi.Input<string>;
  /** Regions that the account uses. */
  readonly regions: readonly string[];
}

/** Days after which log files are rarely read. */
const coldDays = 90;

/** Key prefix of CloudTrail's files, also for Athena. */
const trailPrefix = "trail";

const auditBucketName = ({ prefix, accountId }: Pick<Context, "prefix" | "accountId">) =>
  physicalName("bucket", prefix, "audit", accountId);

/**
 * The account's audit: a trail of all regions to a bucket whose objects can't be deleted before the end of their
 * retention, not even by the account's root user (compliance mode), and queries on it.
 */
export class Audit extends PrivateBucket {
  /** The bucket and key for an environment's `plinth:audit`. */
  readonly place: { readonly bucket: string; readonly key: pulumi.Output<string> };

  constructor(
    name: string,
    private readonly args: AuditArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:foundation:Audit", name, args.context, opts);
    const { context, settings, accessLogs } = args;
    const trailName = `${context.prefix}-audit`;
    const trailArn = `arn:aws:cloudtrail:${context.region}:${context.accountId}:trail/${trailName}`;
    const bucketName = auditBucketName(context);
    const keyArn = kmsKey(this, "audit", {
      context,
      description: "CloudTrail files and logs in the audit bucket",
      statements: [
        cloudTrail(trailArn, context),
        ...(settings.siem ? [notifications(bucketName, context)] : []),
      ],
      kept: true,
    });
    const { policy, versioning } = this.sealed(bucketName, {
      policy: auditPolicy(bucketName, trailArn, context),
      keyArn,
      accessLogs,
    });
    this.aging(versioning, {
      id: "age",
      transitions: [{ days: coldDays, storageClass: "GLACIER_IR" }],
      // A locked object can't be deleted before its retention ends.
      expiration: { days: settings.retentionDays + 1 },
      noncurrentVersionExpiration: { noncurrentDays: settings.retentionDays + 1 },
    });
    this.locked(versioning, { mode: settings.lock, days: settings.retentionDays });
    new aws.cloudtrail.Trail(
      this.child("trail"),
      {
        name: trailName,
        s3BucketName: policy.bucket,
        s3KeyPrefix: trailPrefix,
        isMultiRegionTrail: true,
        includeGlobalServiceEvents: true,
        enableLogFileValidation: true,
        kmsKeyId: keyArn,
        advancedEventSelectors: selectors(bucketName, accessLogs.bucketName),
      },
      { ...this.inside, protect: context.protect },
    );
    if (settings.siem)
      fileQueue(this, {
        context,
        bucketName,
        bucket: policy.bucket,
        keyArn,
        alarmTopicArn: args.alarmTopicArn,
      });
    if (args.config)
      logCopies(this, {
        context,
        from: accessLogs,
        bucket: bucketName,
        keyArn,
        prefixes: [`${configPrefix}/`],
        waitsFor: [versioning],
        alarmTopicArn: args.alarmTopicArn,
      });
    this.queries(bucketName, keyArn);
    this.place = { bucket: bucketName, key: keyArn };
    this.registerOutputs();
  }

  /** An Athena workgroup with the saved queries, whose results are encrypted with the trail's key. */
  private queries(bucket: string, kmsKeyArn: pulumi.Output<string>): void {
    const { context, regions } = this.args;
    const group = new aws.athena.Workgroup(
      this.child("queries"),
      {
        name: `${context.prefix}-audit`,
        description: "Queries of the audit bucket: CloudTrail and logs",
        configuration: {
          enforceWorkgroupConfiguration: true,
          publishCloudwatchMetricsEnabled: false,
          // A query without a range of days would scan years.
          bytesScannedCutoffPerQuery: 10 * 2 ** 30,
          resultConfiguration: {
            // Not in the audit bucket: Athena can't write to a bucket with a default retention.
            outputLocation: pulumi.interpolate`s3://${this.args.accessLogs.bucketName}/queries/`,
            encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn },
          },
        },
      },
      this.inside,
    );
    const places = { accountId: context.accountId, regions };
    const saved = {
      ...queries(bucket, trailPrefix, places),
      ...logQueries(bucket, context),
      ...fileQueries(bucket, places),
    };
    for (const [key, { description, query }] of Object.entries(saved))
      new aws.athena.NamedQuery(
        this.child("query", key),
        { name: key, description, database: "default", workgroup: group.name, query },
        this.inside,
      );
  }
}

/**
 * Recorded events: management events, including reads of secrets, and object-level events of all buckets except those
 * of the logs, whose records would cause further records.
 */
const selectors = (
  audit: string,
  accessLogs: pulumi.Input<string>,
): aws.types.input.cloudtrail.TrailAdvancedEventSelector[] => [
  { name: "Management events", fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }] },
  {
    name: "Object-level events, except of log buckets",
    fieldSelectors: [
      { field: "eventCategory", equals: ["Data"] },
      { field: "resources.type", equals: ["AWS::S3::Object"] },
      {
        field: "resources.ARN",
        notStartsWiths: [`${bucketArn(audit)}/`, pulumi.interpolate`arn:aws:s3:::${accessLogs}/`],
      },
    ],
  },
];

/**
 * CloudTrail uses the key as a service principal, only for this trail. If the bucket has an S3 Bucket Key, it creates
 * no trail without permission to decrypt. Source: CloudTrail user guide, configure AWS KMS key policies for CloudTrail.
 */
const cloudTrail = (trailArn: string, { accountId }: Context) => ({
  Sid: "CloudTrail",
  Effect: "Allow",
  Principal: { Service: "cloudtrail.amazonaws.com" },
  Action: ["kms:GenerateDataKey*", "kms:Decrypt", "kms:DescribeKey"],
  Resource: "*",
  Condition: { StringEquals: { "aws:SourceArn": trailArn, "aws:SourceAccount": accountId } },
});

/** Allows the trail to write, and denies requests without TLS. Source: CloudTrail user guide, S3 bucket policy. */
function auditPolicy(
  bucket: string,
  trailArn: string,
  { accountId }: Context,
): aws.types.input.s3.PolicyDocument {
  const arn = bucketArn(bucket);
  const trail = { Effect: "Allow" as const, Principal: { Service: "cloudtrail.amazonaws.com" } };
  return {
    Version: "2012-10-17",
    Statement: [
      tlsOnly(arn),
      {
        Sid: "TrailAclCheck",
        ...trail,
        Action: "s3:GetBucketAcl",
        Resource: arn,
        Condition: { StringEquals: { "aws:SourceArn": trailArn } },
      },
      {
        Sid: "TrailWrites",
        ...trail,
        Action: "s3:PutObject",
        Resource: `${arn}/${trailPrefix}/AWSLogs/${accountId}/*`,
        Condition: {
          StringEquals: { "aws:SourceArn": trailArn, "s3:x-amz-acl": "bucket-owner-full-control" },
        },
      },
    ],
  };
}
