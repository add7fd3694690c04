import * as aws from "@pulumi/aws";
import { Component } from "../component";

/** Days after which an upload that was begun and never finished is thrown away. */
export const abandonedUploadDays = 7;

/** S3 bucket with what every bucket has: private, versioned, owned by its account. One resource a setting. */
export abstract class PrivateBucket extends Component {
  /** The bucket itself, which is emptied on destroy only where nothing is protected. */
  protected bucket(bucket: string, protect: boolean): aws.s3.Bucket {
    const args = { bucket, forceDestroy: !protect };
    return new aws.s3.Bucket(this.child("bucket"), args, { ...this.inside, protect });
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
      this.inside,
    );
    return new aws.s3.BucketPolicy(this.child("policy"), { bucket: block.bucket, policy }, this.inside);
  }

  protected owned(bucket: aws.s3.Bucket): void {
    new aws.s3.BucketOwnershipControls(
      this.child("ownership"),
      { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      this.inside,
    );
  }

  protected versioned(bucket: aws.s3.Bucket): aws.s3.BucketVersioning {
    return new aws.s3.BucketVersioning(
      this.child("versioning"),
      { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
      this.inside,
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
        rules: [{ ...whole, abortIncompleteMultipartUpload: { daysAfterInitiation: abandonedUploadDays } }],
      },
      this.inside,
    );
  }
}
