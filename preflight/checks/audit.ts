import { stops, type Finding } from "../finding";
import type { Plan } from "../plan";
import { AwsError, type World } from "../world";

interface Lock {
  readonly ObjectLockConfiguration?: {
    readonly Rule?: { readonly DefaultRetention?: { readonly Days?: number; readonly Years?: number } };
  };
}

interface Encryption {
  readonly ServerSideEncryptionConfiguration: {
    readonly Rules: readonly {
      readonly ApplyServerSideEncryptionByDefault?: { readonly KMSMasterKeyID?: string };
    }[];
  };
}

interface Key {
  readonly KeyMetadata: { readonly Arn: string; readonly KeyState: string };
}

const deploy = "deploy the foundation, and take the values from its `pulumi stack output audit`";

/** The response; undefined: it doesn't exist. Throws every other error. */
async function unless<T>(missing: string, call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof AwsError && error.code === missing) return undefined;
    throw error;
  }
}

/**
 * Checks the bucket and the key of `plinth:audit`: that both exist, and that the bucket has Object Lock and is
 * encrypted with that key. Replication to a bucket without Object Lock works, so nothing else reports it.
 */
export async function auditBucket({ settings }: Plan, { aws }: World): Promise<Finding[]> {
  const { audit, account } = settings;
  if (audit === undefined) return [];
  const { bucket, key } = audit;
  const owned = ["--bucket", bucket, "--expected-bucket-owner", account.id];
  const about = "plinth:audit.bucket";
  let head: { readonly BucketRegion?: string } | undefined;
  try {
    head = await unless("404", aws<typeof head>("s3api", "head-bucket", ...owned));
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "403") throw error;
    return [stops(about, `${bucket} can't be reached (403): another account may have it`, deploy)];
  }
  if (head === undefined) return [stops(about, `${bucket} doesn't exist`, deploy)];
  const { BucketRegion = account.region } = head;
  if (BucketRegion !== account.region)
    return [stops(about, `${bucket} is in ${BucketRegion}, not in ${account.region}`, deploy)];
  const [lock, encryption, found] = await Promise.all([
    unless(
      "ObjectLockConfigurationNotFoundError",
      aws<Lock>("s3api", "get-object-lock-configuration", ...owned),
    ),
    aws<Encryption>("s3api", "get-bucket-encryption", ...owned),
    unless("NotFoundException", aws<Key>("kms", "describe-key", "--key-id", key)),
  ]);
  return [...lockFindings(bucket, lock), ...keyFindings(key, encryption, found)];
}

function lockFindings(bucket: string, lock: Lock | undefined): Finding[] {
  const retention = lock?.ObjectLockConfiguration?.Rule?.DefaultRetention;
  return retention?.Days === undefined && retention?.Years === undefined
    ? [
        stops(
          "plinth:audit.bucket",
          `${bucket} has no object lock with a default retention, so copies in it could be deleted`,
          deploy,
        ),
      ]
    : [];
}

function keyFindings(key: string, encryption: Encryption, found: Key | undefined): Finding[] {
  const about = "plinth:audit.key";
  if (found === undefined) return [stops(about, `${key} doesn't exist`, deploy)];
  const { Arn, KeyState } = found.KeyMetadata;
  if (KeyState !== "Enabled") return [stops(about, `${key} is ${KeyState}`, "enable the key again")];
  const [rule] = encryption.ServerSideEncryptionConfiguration.Rules;
  const used = rule?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
  return used === undefined || (used !== Arn && !Arn.endsWith(`/${used}`))
    ? [stops(about, `the bucket is encrypted with ${used ?? "S3's own key"}, not with ${key}`, deploy)]
    : [];
}
