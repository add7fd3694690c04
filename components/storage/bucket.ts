import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { BucketSettings } from "../../config";
import type { BucketStore } from "../../systems/spec";
import type { Context } from "../base/context";
import { exactName, physicalName } from "../base/naming";
import type { StoreOutputs } from "../base/store";
import type { AccessLogs } from "./access-logs";
import { bucketGrants, bucketPolicy } from "./bucket-policy";
import { PrivateBucket } from "./private-bucket";

export interface BucketArgs {
  readonly context: Context;
  readonly spec: BucketStore;
  readonly settings: BucketSettings;
  readonly system: string;
  readonly store: string;
  /** Key that encrypts the objects. */
  readonly keyArn: pulumi.Input<string>;
  /** Origins (`https://host`) whose pages upload from the browser. */
  readonly origins: readonly string[];
  /** Where S3 writes down who asked for what. */
  readonly accessLogs: Pick<AccessLogs, "bucketName">;
}

/**
 * Where cold objects go. What workloads read must be there at once: Glacier Instant Retrieval answers in milliseconds,
 * and an object in Flexible Retrieval can't be read before somebody restores it, which takes hours. Only backups, which
 * no workload reads, can wait that long. Source: S3 user guide, storage classes for archiving objects.
 */
const coldClass = ({ backups }: BucketStore) => (backups === true ? "GLACIER" : "GLACIER_IR");

/** Seconds for which a browser remembers what the bucket lets a page do. */
const corsSeconds = 3600;

/** What pages of these origins may do in a bucket from the browser. */
export const corsRule = (origins: readonly string[]) => ({
  allowedOrigins: [...origins],
  allowedMethods: ["GET", "HEAD", "PUT", "POST"],
  allowedHeaders: ["*"],
  // Who uploads in parts hands back the mark of each part.
  exposeHeaders: ["ETag"],
  maxAgeSeconds: corsSeconds,
});

/** S3 bucket: private, versioned, encrypted, over TLS only, its objects growing cold by age. */
export class Bucket extends PrivateBucket {
  readonly outputs: StoreOutputs;
  private readonly bucketName: string;

  constructor(
    name: string,
    private readonly args: BucketArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:storage:Bucket", name, args.context, opts);
    const { context, spec, settings, system, store, keyArn } = args;
    this.bucketName =
      settings.name === undefined
        ? physicalName("bucket", context.prefix, system, store, context.accountId)
        : exactName("bucket", settings.name);
    const bucket = this.bucket(this.bucketName);
    const encryption = this.encrypted(bucket, {
      applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
      // One data key serves many objects, which saves most of the calls to KMS.
      bucketKeyEnabled: true,
    });
    const policy = this.closed(bucket, bucketPolicy(this.bucketName));
    this.owned(bucket);
    const versioning = this.versioned(bucket);
    this.lifecycle(versioning);
    this.lock(versioning);
    this.logging(bucket);
    this.cors(bucket);
    this.outputs = {
      plain: { name: this.bucketName },
      ready: [encryption, policy],
      // S3 answers at public addresses; the VPC's gateway endpoint takes the packets there.
      destinations: [{ kind: "internet", ports: [443] }],
      grants: bucketGrants(this.bucketName, spec.access, context, keyArn),
      // What holds backups is none of what is backed up.
      ...(spec.backups === true ? {} : { recoverable: bucket.arn }),
    };
    this.registerOutputs();
  }

  private lifecycle(versioning: aws.s3.BucketVersioning): void {
    const { warmDays, coldDays, expireDays, noncurrentDays } = this.args.settings;
    this.aging(versioning, {
      id: "hot-warm-cold",
      transitions: [
        { days: warmDays, storageClass: "STANDARD_IA" },
        { days: coldDays, storageClass: coldClass(this.args.spec) },
      ],
      // An age clears what deletions leave behind, too; where there is none that has to be asked for.
      expiration: expireDays === undefined ? { expiredObjectDeleteMarker: true } : { days: expireDays },
      noncurrentVersionExpiration: { noncurrentDays },
    });
  }

  /**
   * Beside the bucket and not in its own arguments, where switching it on would replace the bucket. It follows
   * versioning, without which there is no lock.
   */
  private lock(versioning: aws.s3.BucketVersioning): void {
    const days = this.args.settings.objectLockDays;
    if (days === undefined) return;
    new aws.s3.BucketObjectLockConfiguration(
      this.child("lock"),
      { bucket: versioning.bucket, rule: { defaultRetention: { mode: "GOVERNANCE", days } } },
      this.inside,
    );
  }

  private logging(bucket: aws.s3.Bucket): void {
    new aws.s3.BucketLogging(
      this.child("logging"),
      {
        bucket: bucket.bucket,
        targetBucket: this.args.accessLogs.bucketName,
        // The keys go on with account, region, bucket and day, so that who looks for one day reads one day.
        targetPrefix: "s3/",
        targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
      },
      this.inside,
    );
  }

  /** Pages of the system's own hosts may use the URLs that a workload signs for them; no other page may. */
  private cors(bucket: aws.s3.Bucket): void {
    const { origins } = this.args;
    if (origins.length === 0) return;
    new aws.s3.BucketCorsConfiguration(
      this.child("cors"),
      { bucket: bucket.bucket, corsRules: [corsRule(origins)] },
      this.inside,
    );
  }
}
