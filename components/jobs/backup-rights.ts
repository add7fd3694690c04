import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { mayReport } from "../base/service-role";

/** CloudWatch namespace of the backups' metrics. */
export const backupMetrics = "Plinth/Backups";

/** Where a database's dumps are in their bucket. */
export const dumpPrefix = (store: string): string => `dumps/${store}`;

/** Where the snapshots of streams are in their bucket. */
export const streamPrefix = (store: string): string => `streams/${store}`;

export interface BackupPlace {
  readonly region: string;
  readonly bucket: string;
  /** Of the keys in the bucket. */
  readonly prefix: string;
  /** Key that encrypts the bucket's objects. */
  readonly keyArn: pulumi.Input<string>;
}

type Statements = pulumi.Input<aws.iam.PolicyStatement>[];

function rights(
  { region, bucket, prefix, keyArn }: BackupPlace,
  objects: readonly string[],
  key: readonly string[],
): Statements {
  const arn = `arn:aws:s3:::${bucket}`;
  return [
    { Sid: "Objects", Effect: "Allow", Action: [...objects], Resource: `${arn}/${prefix}/*` },
    {
      Sid: "List",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: arn,
      Condition: { StringLike: { "s3:prefix": `${prefix}/*` } },
    },
    {
      Sid: "Key",
      Effect: "Allow",
      Action: [...key],
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
    },
    mayReport(backupMetrics),
  ];
}

/** Permissions of the job that backs up: add objects below its prefix, and list earlier ones. It can't read them. */
export const backupStatements = (place: BackupPlace): Statements =>
  // An upload in parts reads the data key back.
  rights(place, ["s3:PutObject", "s3:AbortMultipartUpload"], ["kms:Decrypt", "kms:GenerateDataKey"]);

/** Permissions of the job that restores: read backups. */
export const restoreStatements = (place: BackupPlace): Statements =>
  rights(place, ["s3:GetObject"], ["kms:Decrypt"]);
