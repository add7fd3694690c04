import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { BucketSettings } from "../../config";
import type { BucketStore } from "../../systems/spec";
import type { Context } from "../base/context";
import { exactName, physicalName } from "../base/naming";
import type { StoreOutputs } from "../base/store";
import { httpsPort } from "../base/ports";
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
  /** Origins (`https://host`) whose pages upload from browsers. */
  readonly origins: readonly string[];
  /** Bucket for the access logs. */
  readonly accessLogs: Pick<AccessLogs, "bucketName">;
}

/**
 * Storage class of cold objects. Workloads need immediate access: Glacier Instant Retrieval answers in milliseconds,
 * and an object in Flexible Retrieval must be restored first, which takes hours. Only backups, which no workload reads,
 * can use it. Source: S3 user guide, storage classes for archiving objects.
 */
const coldClass = ({ backups }: BucketStore) => (backups === true ? "GLACIER" : "GLACIER_IR");

/** Seconds for which browsers cache the CORS preflight response. */
const corsSeconds = 3600;

/** CORS rule for browser access from these origins. */
export const corsRule = (origins: readonly string[]) => ({
  allowedOrigins: [...origins],
  allowedMethods: ["GET", "HEAD", "PUT", "POST"],
  allowedHeaders: ["*"],
  // A multipart upload sends back the ETag of each part.
  exposeHeaders: ["ETag"],
  maxAgeSeconds: corsSeconds,
});

/** S3 bucket: private, versioned, encrypted, over TLS only, with storage class transitions by age. */
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
    const { bucket, encryption, policy, versioning } = this.sealed(this.bucketName, {
      policy: bucketPolicy(this.bucketName),
      keyArn,
      accessLogs: args.accessLogs,
    });
    this.lifecycle(versioning);
    const days = settings.objectLockDays;
    const lock =
      days === undefined ? undefined : this.locked(versioning, { mode: "GOVERNANCE", days }, this.inside);
    this.cors(bucket);
    this.outputs = {
      plain: { name: this.bucketName },
      ready: [encryption, policy],
      // S3 has public addresses; the VPC's gateway endpoint routes the packets.
      destinations: [{ kind: "internet", ports: [httpsPort] }],
      grants: bucketGrants(this.bucketName, spec.access, context, keyArn),
      // A bucket of backups isn't backed up itself.
      ...(spec.backups === true ? {} : { recoverable: { arn: bucket.arn, type: "S3" } }),
      replicable: {
        bucket: this.bucketName,
        ready: [encryption, policy, versioning, ...(lock === undefined ? [] : [lock])],
      },
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
      // Expiration by age also removes delete markers; without an age it must be set explicitly.
      expiration: expireDays === undefined ? { expiredObjectDeleteMarker: true } : { days: expireDays },
      noncurrentVersionExpiration: { noncurrentDays },
    });
  }

  /** Only pages of the system's own hosts may use the URLs that a workload presigns. */
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
