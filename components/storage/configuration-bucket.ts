import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Context } from "../base/context";
import { physicalName } from "../base/naming";
import type { AccessLogs } from "./access-logs";
import { bucketPolicy } from "./bucket-policy";
import { PrivateBucket } from "./private-bucket";

export interface ConfigurationBucketArgs {
  readonly context: Context;
  /** Days that a backup can't be deleted, and after which it is. */
  readonly keepDays: number;
  /** Key that encrypts the objects. */
  readonly keyArn: pulumi.Input<string>;
  readonly accessLogs: Pick<AccessLogs, "bucketName">;
}

/** The bucket of the configuration's backups. Nobody without `s3:BypassGovernanceRetention` deletes one before its time. */
export class ConfigurationBucket extends PrivateBucket {
  readonly bucketName: string;
  /** An upload before them would be open, unencrypted or unlocked. */
  readonly ready: readonly pulumi.Resource[];

  constructor(
    name: string,
    { context, keepDays, keyArn, accessLogs }: ConfigurationBucketArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:storage:ConfigurationBucket", name, context, opts);
    this.bucketName = physicalName("bucket", context.prefix, "configuration", context.accountId);
    const bucket = this.bucket(this.bucketName);
    const encryption = this.encrypted(bucket, {
      applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
      bucketKeyEnabled: true,
    });
    const policy = this.closed(bucket, bucketPolicy(this.bucketName));
    this.owned(bucket);
    this.logged(bucket, accessLogs);
    const versioning = this.versioned(bucket);
    this.aging(versioning, {
      id: "age",
      // A locked object can't go before its retention ends.
      expiration: { days: keepDays + 1 },
      noncurrentVersionExpiration: { noncurrentDays: 1 },
    });
    const lock = new aws.s3.BucketObjectLockConfiguration(
      this.child("lock"),
      {
        bucket: versioning.bucket,
        rule: { defaultRetention: { mode: "GOVERNANCE", days: keepDays } },
      },
      { ...this.inside, retainOnDelete: !context.disposable },
    );
    this.ready = [encryption, policy, lock];
    this.registerOutputs();
  }
}
