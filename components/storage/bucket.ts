import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { BucketSettings } from "../../config";
import type { BucketStore } from "../../systems/spec";
import { Component } from "../component";
import type { Context } from "../context";
import { exactName, physicalName } from "../naming";
import type { StoreOutputs } from "../store";
import { bucketGrants, bucketPolicy } from "./bucket-policy";

export interface BucketArgs {
  readonly context: Context;
  readonly spec: BucketStore;
  readonly settings: BucketSettings;
  readonly system: string;
  readonly store: string;
  /** Key that encrypts the objects. */
  readonly keyArn: pulumi.Input<string>;
}

/** Days after which an upload that was begun and never finished is thrown away. */
const abandonedUploadDays = 7;

/** S3 bucket: private, versioned, encrypted, over TLS only, its objects growing cold by age. */
export class Bucket extends Component {
  readonly outputs: StoreOutputs;
  private readonly bucketName: string;

  constructor(
    name: string,
    private readonly args: BucketArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:storage:Bucket", name, opts);
    const { context, spec, settings, system, store, keyArn } = args;
    this.bucketName =
      settings.name === undefined
        ? physicalName("bucket", context.prefix, system, store, context.accountId)
        : exactName("bucket", settings.name);
    const bucket = this.bucket();
    const encryption = this.encryption(bucket);
    const policy = this.policy(this.publicAccessBlock(bucket));
    this.ownership(bucket);
    this.lifecycle(this.versioning(bucket));
    this.outputs = {
      plain: { name: this.bucketName },
      ready: [encryption, policy],
      // S3 answers at public addresses; the VPC's gateway endpoint takes the packets there.
      destinations: [{ kind: "internet", ports: [443] }],
      grants: bucketGrants(this.bucketName, spec.access, context, keyArn),
    };
    this.registerOutputs();
  }

  private bucket(): aws.s3.Bucket {
    const { protect } = this.args.context;
    const args = { bucket: this.bucketName, forceDestroy: !protect };
    return new aws.s3.Bucket(this.child("bucket"), args, { ...this.inside, protect });
  }

  private encryption(bucket: aws.s3.Bucket): aws.s3.BucketServerSideEncryptionConfiguration {
    const encrypt = { sseAlgorithm: "aws:kms", kmsMasterKeyId: this.args.keyArn };
    const rule = {
      applyServerSideEncryptionByDefault: encrypt,
      // One data key serves many objects, which saves most of the calls to KMS.
      bucketKeyEnabled: true,
      // AWS blocks keys that clients bring along on every new bucket: said here, it is no difference.
      blockedEncryptionTypes: ["SSE-C"],
    };
    return new aws.s3.BucketServerSideEncryptionConfiguration(
      this.child("encryption"),
      { bucket: bucket.bucket, rules: [rule] },
      this.inside,
    );
  }

  private publicAccessBlock(bucket: aws.s3.Bucket): aws.s3.BucketPublicAccessBlock {
    return new aws.s3.BucketPublicAccessBlock(
      this.child("public-access"),
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      this.inside,
    );
  }

  /** It follows the block of public access: S3 refuses to change both at once. */
  private policy(block: aws.s3.BucketPublicAccessBlock): aws.s3.BucketPolicy {
    return new aws.s3.BucketPolicy(
      this.child("policy"),
      { bucket: block.bucket, policy: bucketPolicy(this.bucketName) },
      this.inside,
    );
  }

  private ownership(bucket: aws.s3.Bucket): void {
    new aws.s3.BucketOwnershipControls(
      this.child("ownership"),
      { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      this.inside,
    );
  }

  private versioning(bucket: aws.s3.Bucket): aws.s3.BucketVersioning {
    return new aws.s3.BucketVersioning(
      this.child("versioning"),
      { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
      this.inside,
    );
  }

  /** It follows versioning, of whose old versions it speaks. */
  private lifecycle(versioning: aws.s3.BucketVersioning): void {
    const { warmDays, coldDays, expireDays, noncurrentDays } = this.args.settings;
    const rule = {
      id: "hot-warm-cold",
      status: "Enabled",
      filter: { prefix: "" },
      transitions: [
        { days: warmDays, storageClass: "STANDARD_IA" },
        { days: coldDays, storageClass: "GLACIER" },
      ],
      // An age clears what deletions leave behind, too; where there is none that has to be asked for.
      expiration: expireDays === undefined ? { expiredObjectDeleteMarker: true } : { days: expireDays },
      noncurrentVersionExpiration: { noncurrentDays },
      abortIncompleteMultipartUpload: { daysAfterInitiation: abandonedUploadDays },
    };
    new aws.s3.BucketLifecycleConfiguration(
      this.child("lifecycle"),
      { bucket: versioning.bucket, rules: [rule] },
      this.inside,
    );
  }
}
