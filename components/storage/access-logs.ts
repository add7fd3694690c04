import type * as pulumi from "@pulumi/pulumi";
import type { Context } from "../base/context";
import { physicalName } from "../base/naming";
import { accessLogsPolicy } from "./bucket-policy";
import { PrivateBucket } from "./private-bucket";

export interface AccessLogsArgs {
  readonly context: Context;
  /** Days that a log is kept. */
  readonly days: number;
  /** Whether a CDN delivers its logs here. */
  readonly cdn: boolean;
}

/** Days that a deleted log can still be called back. */
const recallDays = 30;

/**
 * The bucket in which S3 writes down who asked a bucket of the region for what. It is encrypted with S3's own keys,
 * since S3 delivers to no bucket with a key of ours, and it writes no log of itself, which would have no end.
 * Source: S3 user guide, enabling server access logging.
 */
export class AccessLogs extends PrivateBucket {
  /** The bucket's name, known once S3 may write to it. */
  readonly bucketName: pulumi.Output<string>;

  constructor(name: string, { context, days, cdn }: AccessLogsArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:storage:AccessLogs", name, context, opts);
    const bucketName = physicalName("bucket", context.prefix, "access-logs", context.accountId);
    const bucket = this.bucket(bucketName);
    this.encrypted(bucket, { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } });
    const policy = this.closed(bucket, accessLogsPolicy(bucketName, context, cdn));
    this.owned(bucket);
    this.aging(this.versioned(bucket), {
      id: "expire",
      expiration: { days },
      noncurrentVersionExpiration: { noncurrentDays: recallDays },
    });
    this.bucketName = policy.bucket;
    this.registerOutputs();
  }
}
