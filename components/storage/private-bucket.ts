import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component, type ComponentType } from "../base/component";
import type { Context } from "../base/context";

/** Days after which an upload that was begun and never finished is thrown away. */
export const abandonedUploadDays = 7;

/**
 * S3 bucket with what every bucket has: private, versioned, owned by its account. One resource a setting. When the stack
 * is destroyed it stays as it is, with its objects and all that closes it, unless the stack is disposable.
 */
export abstract class PrivateBucket extends Component {
  constructor(
    type: ComponentType,
    name: string,
    private readonly life: Pick<Context, "protect" | "disposable">,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(type, name, opts);
  }

  private get kept() {
    return { ...this.inside, retainOnDelete: !this.life.disposable };
  }

  protected bucket(bucket: string): aws.s3.Bucket {
    const { protect, disposable } = this.life;
    const args = { bucket, forceDestroy: disposable };
    return new aws.s3.Bucket(this.child("bucket"), args, { ...this.kept, protect });
  }

  /** Who may do what, by the bucket. It follows the block of public access: S3 refuses to change both at once. */
  protected closed(bucket: aws.s3.Bucket, policy: aws.types.input.s3.PolicyDocument): aws.s3.BucketPolicy {
    const block = new aws.s3.BucketPublicAccessBlock(
      this.child("public-access"),
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      this.kept,
    );
    return new aws.s3.BucketPolicy(this.child("policy"), { bucket: block.bucket, policy }, this.kept);
  }

  protected owned(bucket: aws.s3.Bucket): void {
    new aws.s3.BucketOwnershipControls(
      this.child("ownership"),
      { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      this.kept,
    );
  }

  protected versioned(bucket: aws.s3.Bucket): aws.s3.BucketVersioning {
    return new aws.s3.BucketVersioning(
      this.child("versioning"),
      { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
      this.kept,
    );
  }

  protected encrypted(
    bucket: aws.s3.Bucket,
    rule: aws.types.input.s3.BucketServerSideEncryptionConfigurationRule,
  ): aws.s3.BucketServerSideEncryptionConfiguration {
    return new aws.s3.BucketServerSideEncryptionConfiguration(
      this.child("encryption"),
      {
        bucket: bucket.bucket,
        // AWS blocks keys that clients bring along on every new bucket: said here, it is no difference.
        rules: [{ ...rule, blockedEncryptionTypes: ["SSE-C"] }],
      },
      this.kept,
    );
  }

  /** Has S3 write down who asks the bucket for what. */
  protected logged(bucket: aws.s3.Bucket, accessLogs: { readonly bucketName: pulumi.Input<string> }): void {
    new aws.s3.BucketLogging(
      this.child("logging"),
      {
        bucket: bucket.bucket,
        targetBucket: accessLogs.bucketName,
        // The keys go on with account, region, bucket and day, so that who looks for one day reads one day.
        targetPrefix: "s3/",
        targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
      },
      this.inside,
    );
  }

  /** It follows versioning, of whose old versions it speaks. */
  protected aging(
    versioning: aws.s3.BucketVersioning,
    rule: Omit<aws.types.input.s3.BucketLifecycleConfigurationRule, "status" | "filter">,
  ): void {
    const whole = { ...rule, status: "Enabled", filter: { prefix: "" } };
    new aws.s3.BucketLifecycleConfiguration(
      this.child("lifecycle"),
      {
        bucket: versioning.bucket,
        // Smaller objects stay where they are: each colder class counts them as 128 KB. S3's own default, said here.
        transitionDefaultMinimumObjectSize: "all_storage_classes_128K",
        rules: [{ ...whole, abortIncompleteMultipartUpload: { daysAfterInitiation: abandonedUploadDays } }],
      },
      this.kept,
    );
  }
}
