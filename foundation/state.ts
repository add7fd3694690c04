import * as pulumi from "@pulumi/pulumi";
import type { Context } from "../components/base/context";
import { physicalName } from "../components/base/naming";
import type { StoreOutputs } from "../components/base/store";
import { kmsKey, replicaKey } from "../components/security/keys";
import type { AccessLogs } from "../components/storage/access-logs";
import { bucketPolicy } from "../components/storage/bucket-policy";
import { PrivateBucket } from "../components/storage/private-bucket";

/** Days for which an earlier version of a state can be restored and can't be deleted. Pulumi also keeps its own history. */
const recallDays = 90;

/**
 * Alias of the key that encrypts the secrets inside a state. It isn't the bucket's key, so reading states doesn't
 * reveal secrets.
 */
export const secretsAlias = ({ prefix }: Pick<Context, "prefix">) => `alias/${prefix}-secrets`;

const stateBucketName = ({ prefix, accountId }: Pick<Context, "prefix" | "accountId">) =>
  physicalName("bucket", prefix, "state", accountId);

export interface StateBucketArgs {
  readonly context: Context;
  /** Bucket of S3's server access logs. */
  readonly accessLogs: Pick<AccessLogs, "bucketName">;
  /** The bucket that this one is a replica of: its context, and the key of its secrets. Default: none. */
  readonly copyOf?: { readonly context: Context; readonly secretsKeyArn: pulumi.Input<string> };
}

/** The bucket of Pulumi's states, with the keys that encrypt it and the secrets in it. */
export class StateBucket extends PrivateBucket {
  readonly region: string;
  readonly bucketName: string;
  /** The bucket as source and destination of replication. */
  readonly replicable: NonNullable<StoreOutputs["replicable"]>;
  /** ARN of the bucket's key. */
  readonly keyArn: pulumi.Output<string>;
  /** ARN of the key of the secrets inside the states. */
  readonly secretsKeyArn: pulumi.Output<string>;
  /** Argument of `pulumi login`, known once the bucket is private and encrypted. */
  readonly backend: pulumi.Output<string>;

  constructor(
    name: string,
    { context, accessLogs, copyOf }: StateBucketArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:foundation:StateBucket", name, context, opts);
    this.region = context.region;
    this.keyArn = kmsKey(this, "state", {
      context,
      description: "S3 bucket of Pulumi states",
      kept: true,
    });
    const secrets = { description: "Secrets in Pulumi states", kept: true };
    this.secretsKeyArn =
      copyOf === undefined
        ? // Only a multi-Region key can be replicated, and a key can't be converted later.
          kmsKey(this, "secrets", { ...secrets, context, multiRegion: true })
        : // With the same alias, by which Pulumi finds it in the region of AWS_REGION.
          replicaKey(this, "secrets", {
            ...secrets,
            context: { ...context, prefix: copyOf.context.prefix },
            primaryKeyArn: copyOf.secretsKeyArn,
          });
    this.bucketName = stateBucketName(context);
    const { encryption, policy, versioning } = this.sealed(this.bucketName, {
      policy: bucketPolicy(this.bucketName),
      keyArn: this.keyArn,
      accessLogs,
    });
    this.aging(versioning, {
      id: "recall",
      expiration: { expiredObjectDeleteMarker: true },
      noncurrentVersionExpiration: { noncurrentDays: recallDays },
    });
    // Pulumi overwrites a state and deletes its locks, which creates new versions; earlier ones can't be deleted.
    const lock = this.locked(versioning, { mode: "GOVERNANCE", days: recallDays });
    this.replicable = { bucket: this.bucketName, ready: [encryption, policy, versioning, lock] };
    this.backend = pulumi
      .all([policy.bucket, encryption.id])
      .apply(([ready]) => `s3://${ready}?region=${context.region}`);
    this.registerOutputs();
  }
}
