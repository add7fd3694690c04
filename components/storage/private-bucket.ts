import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component, type ComponentType } from "../base/component";
import type { Context } from "../base/context";

/** Days after which an incomplete multipart upload is aborted. */
const abandonedUploadDays = 7;

interface SealedArgs {
  readonly policy: aws.types.input.s3.PolicyDocument;
  /** Key that encrypts the objects. */
  readonly keyArn: pulumi.Input<string>;
  readonly accessLogs: { readonly bucketName: pulumi.Input<string> };
}

/**
 * S3 bucket with the settings of every bucket: private, versioned, owned by its account. One resource per setting.
 * Unless the stack is disposable, destroying it retains the bucket, its objects and its access settings.
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

  /** A bucket that a key of the stack encrypts, with its policy, access log and versions. */
  protected sealed(
    name: string,
    { policy, keyArn, accessLogs }: SealedArgs,
  ): {
    readonly bucket: aws.s3.Bucket;
    readonly encryption: aws.s3.BucketServerSideEncryptionConfiguration;
    readonly policy: aws.s3.BucketPolicy;
    readonly versioning: aws.s3.BucketVersioning;
  } {
    const bucket = this.bucket(name);
    this.owned(bucket);
    this.logged(bucket, accessLogs);
    return {
      bucket,
      encryption: this.encrypted(bucket, {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
        // One data key encrypts many objects, which saves most KMS requests.
        bucketKeyEnabled: true,
      }),
      policy: this.closed(bucket, policy),
      versioning: this.versioned(bucket),
    };
  }

  protected bucket(bucket: string): aws.s3.Bucket {
    const { protect, disposable } = this.life;
    const args = { bucket, forceDestroy: disposable };
    return new aws.s3.Bucket(this.child("bucket"), args, { ...this.kept, protect });
  }

  /**
   * The bucket policy. It waits for the public access block: S3 refuses to change both at once.
   *
   * @param waitsFor Resources that create the principals that it names. Default: none.
   */
  protected closed(
    bucket: aws.s3.Bucket,
    policy: aws.types.input.s3.PolicyDocument,
    waitsFor: readonly pulumi.Resource[] = [],
  ): aws.s3.BucketPolicy {
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
    return new aws.s3.BucketPolicy(
      this.child("policy"),
      { bucket: block.bucket, policy },
      { ...this.kept, ...(waitsFor.length > 0 ? { dependsOn: [...waitsFor] } : {}) },
    );
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
        // AWS blocks customer-provided keys on every new bucket. Setting it explicitly avoids a diff.
        rules: [{ ...rule, blockedEncryptionTypes: ["SSE-C"] }],
      },
      this.kept,
    );
  }

  /**
   * Object Lock: no version can be deleted before its days are over. A separate resource: as an argument of the bucket,
   * enabling it would replace the bucket. Object Lock requires versioning.
   */
  protected locked(
    versioning: aws.s3.BucketVersioning,
    defaultRetention: { readonly mode: string; readonly days: number },
    opts: pulumi.CustomResourceOptions = this.kept,
  ): aws.s3.BucketObjectLockConfiguration {
    return new aws.s3.BucketObjectLockConfiguration(
      this.child("lock"),
      { bucket: versioning.bucket, rule: { defaultRetention } },
      opts,
    );
  }

  /** Turns on server access logging. */
  protected logged(bucket: aws.s3.Bucket, accessLogs: { readonly bucketName: pulumi.Input<string> }): void {
    new aws.s3.BucketLogging(
      this.child("logging"),
      {
        bucket: bucket.bucket,
        targetBucket: accessLogs.bucketName,
        // The prefix continues with account, region, bucket and day, so a query for one day reads only that day.
        targetPrefix: "s3/",
        targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
      },
      this.inside,
    );
  }

  /** The lifecycle rules. They wait for versioning, since they refer to noncurrent versions. */
  protected aging(
    versioning: aws.s3.BucketVersioning,
    rule: Omit<aws.types.input.s3.BucketLifecycleConfigurationRule, "status" | "filter">,
  ): void {
    const whole = { ...rule, status: "Enabled", filter: { prefix: "" } };
    new aws.s3.BucketLifecycleConfiguration(
      this.child("lifecycle"),
      {
        bucket: versioning.bucket,
        // Smaller objects stay in their class, since colder ones bill them as 128 KB. S3's default, set explicitly.
        transitionDefaultMinimumObjectSize: "all_storage_classes_128K",
        rules: [{ ...whole, abortIncompleteMultipartUpload: { daysAfterInitiation: abandonedUploadDays } }],
      },
      this.kept,
    );
  }
}
