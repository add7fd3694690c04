import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { VaultSettings } from "../../config";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import { physicalName } from "../base/naming";
import { accountByIam, backupsOfAccount } from "../security/key-policies";
import { deletionDays } from "../security/keys";

export interface LockedVaultArgs {
  readonly context: Context;
  readonly settings: VaultSettings;
  /** Account that recovery points are copied to. Default: none. */
  readonly copiesTo?: string | undefined;
}

/**
 * Permission of an AWS Backup role to use keys of a region: to snapshot encrypted resources, or also to encrypt copies
 * and restored resources.
 */
export const keyUse = (
  sid: string,
  use: "snapshot" | "encrypt",
  keys: pulumi.Input<string> | pulumi.Input<string>[],
  region: string,
): aws.iam.PolicyStatement => ({
  Sid: sid,
  Effect: "Allow",
  Action:
    use === "snapshot"
      ? ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
      : [
          "kms:Decrypt",
          "kms:DescribeKey",
          "kms:Encrypt",
          "kms:GenerateDataKey",
          "kms:ReEncryptFrom",
          "kms:ReEncryptTo",
        ],
  Resource: keys,
  Condition: {
    StringEquals: {
      "kms:ViaService": ["backup", "elasticfilesystem", "rds", "s3"].map(
        (service) => `${service}.${region}.amazonaws.com`,
      ),
    },
  },
});

/** Physical name of a region's vault. */
export const vaultName = ({ prefix }: Pick<Context, "prefix">): string => physicalName("backupVault", prefix);

/**
 * A vault of AWS Backup with its own key, locked as the stack file says. A vault with recovery points can't be deleted,
 * so it outlives its stack unless that is disposable, and so do its lock and its key.
 */
export function lockedVault(
  parent: Component,
  { context, settings, copiesTo }: LockedVaultArgs,
): { readonly key: aws.kms.Key; readonly vault: aws.backup.Vault } {
  const { prefix, protect, disposable } = context;
  const kept = { ...parent.inside, retainOnDelete: !disposable };
  const key = new aws.kms.Key(
    parent.child("key"),
    {
      description: "Recovery points of AWS Backup",
      enableKeyRotation: true,
      deletionWindowInDays: deletionDays(context),
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [accountByIam(context), ...(copiesTo === undefined ? [] : backupsOfAccount(copiesTo))],
      }),
      tags: { Name: `${prefix}-backups` },
    },
    { ...kept, protect },
  );
  const vault = new aws.backup.Vault(
    parent.child("vault"),
    { name: vaultName(context), kmsKeyArn: key.arn, forceDestroy: disposable },
    { ...kept, protect },
  );
  const { lock, dailyDays, weeklyDays, monthlyDays } = settings;
  if (lock.mode !== "none")
    new aws.backup.VaultLockConfiguration(
      parent.child("lock"),
      {
        backupVaultName: vault.name,
        minRetentionDays: Math.min(dailyDays, weeklyDays, monthlyDays),
        maxRetentionDays: Math.max(dailyDays, weeklyDays, monthlyDays),
        // With this value, AWS locks the vault permanently after that many days; without it, the lock can be removed.
        ...(lock.mode === "compliance" ? { changeableForDays: lock.changeableForDays } : {}),
      },
      kept,
    );
  return { key, vault };
}

/** The vault of copies in another region, which only the first region's plan fills. */
export class CopiesVault extends Component {
  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("plinth:storage:Vault", name, opts);
    this.registerOutputs();
  }
}
