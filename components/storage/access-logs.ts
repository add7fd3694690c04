import type * as pulumi from "@pulumi/pulumi";
import type { Context } from "../base/context";
import { physicalName } from "../base/naming";
import { accessLogsPolicy } from "./bucket-policy";
import { PrivateBucket } from "./private-bucket";

export interface AccessLogsArgs {
  readonly context: Context;
  /** Retention of logs in days. */
  readonly days: number;
  /** Whether a CDN delivers its logs here. */
  readonly cdn: boolean;
  /** Whether AWS Config delivers its files here. Default: false. */
  readonly config?: boolean;
}

/** Days in which a deleted log can be restored. */
const recallDays = 30;

/**
 * The bucket for S3 server access logs of the region's buckets. It is encrypted with S3's keys, since S3 delivers to no
 * bucket with a customer managed key. Its own access isn't logged, which would be an endless loop. Source: S3 user
 * guide, enabling server access logging.
 */
export class AccessLogs extends PrivateBucket {
  /** The bucket's name, known once its policy lets S3 write to it. */
  readonly bucketName: pulumi.Output<string>;
  /** Keeps versions, which replication requires. */
  readonly versioning: pulumi.Resource;

  constructor(name: string, args: AccessLogsArgs, opts: pulumi.ComponentResourceOptions) {
    const { context, days } = args;
    super("plinth:storage:AccessLogs", name, context, opts);
    const bucketName = physicalName("bucket", context.prefix, "access-logs", context.accountId);
    const bucket = this.bucket(bucketName);
    this.encrypted(bucket, { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } });
    const policy = this.closed(bucket, accessLogsPolicy(bucketName, context, args));
    this.owned(bucket);
    const versioning = this.versioned(bucket);
    this.aging(versioning, {
      id: "expire",
      expiration: { days },
      noncurrentVersionExpiration: { noncurrentDays: recallDays },
    });
    this.bucketName = policy.bucket;
    this.versioning = versioning;
    this.registerOutputs();
  }
}
