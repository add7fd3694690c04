import type * as pulumi from "@pulumi/pulumi";
import type { Context } from "../base/context";
import { physicalName } from "../base/naming";
import type { AccessLogs } from "./access-logs";
import { bucketPolicy } from "./bucket-policy";
import { PrivateBucket } from "./private-bucket";

export interface ConfigurationBucketArgs {
  readonly context: Context;
  /** Days for which a backup can't be deleted, and after which it expires. */
  readonly keepDays: number;
  /** Key that encrypts the objects. */
  readonly keyArn: pulumi.Input<string>;
  readonly accessLogs: Pick<AccessLogs, "bucketName">;
}

/** Bucket of the configuration's backups. Deleting one early requires `s3:BypassGovernanceRetention`. */
export class ConfigurationBucket extends PrivateBucket {
  readonly bucketName: string;
  /** Without these, an upload wouldn't be private, encrypted or locked. */
  readonly ready: readonly pulumi.Resource[];

  constructor(
    name: string,
    { context, keepDays, keyArn, accessLogs }: ConfigurationBucketArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:storage:ConfigurationBucket", name, context, opts);
    this.bucketName = physicalName("bucket", context.prefix, "configuration", context.accountId);
    const { encryption, policy, versioning } = this.sealed(this.bucketName, {
      policy: bucketPolicy(this.bucketName),
      keyArn,
      accessLogs,
    });
    this.aging(versioning, {
      id: "age",
      // A locked object can't be deleted before its retention ends.
      expiration: { days: keepDays + 1 },
      noncurrentVersionExpiration: { noncurrentDays: 1 },
    });
    this.ready = [encryption, policy, this.locked(versioning, { mode: "GOVERNANCE", days: keepDays })];
    this.registerOutputs();
  }
}
