import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { copiesTo, laterHours, type VaultSettings } from "../../config";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import { physicalName } from "../base/naming";
import { serviceRole, trustOf } from "../base/service-role";
import { metricAlarm } from "../observability/alarm";
import { eventAlarm, failedCopies } from "../observability/event-alarm";
import { keyUse, lockedVault, vaultName } from "./locked-vault";

export interface VaultArgs {
  readonly context: Context;
  readonly settings: VaultSettings;
  /** Resources to back up: databases, file systems, buckets. */
  readonly resourceArns: readonly pulumi.Input<string>[];
  /** Key that encrypts them, with which AWS Backup reads them. */
  readonly dataKeyArn: pulumi.Input<string>;
  readonly alarmTopicArn: pulumi.Input<string>;
  /**
   * Vault of the second region, to which daily and monthly recovery points are copied, as to `copyTo`. Default: none.
   */
  readonly copies?: VaultCopies | undefined;
}

/** A vault in another region, and its key. */
export interface VaultCopies {
  readonly region: string;
  readonly vaultArn: string;
  /** What must exist before it is copied to. */
  readonly vault: pulumi.Resource;
  readonly keyArn: pulumi.Input<string>;
}

/** Minutes within which a backup starts and completes. A first backup copies everything. */
const windows = { startWindow: 60, completionWindow: 12 * 60 } as const;

const hour = 60 * 60;

/**
 * The vault of AWS Backup with its own key, and its plan: daily, weekly and monthly recovery points of databases,
 * shared files and buckets. Point-in-time recovery stays with RDS: under AWS Backup's continuous mode its retention and
 * window would show as a difference forever.
 *
 * A vault with recovery points can't be deleted, so it outlives its stack unless that is disposable, and so do its lock
 * and its key. The key encrypts files' and buckets' recovery points; a database's has the key of the database.
 */
export class Vault extends Component {
  readonly vaultArn: pulumi.Output<string>;
  /** Key of the recovery points. */
  readonly keyArn: pulumi.Output<string>;

  constructor(
    name: string,
    private readonly args: VaultArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:storage:Vault", name, opts);
    const { settings } = args;
    const { key, vault } = lockedVault(this, { ...args, copiesTo: copiesTo({ vault: settings }) });
    this.selection(this.plan(vault), key);
    this.alarms();
    this.vaultArn = vault.arn;
    this.keyArn = key.arn;
    this.registerOutputs();
  }

  private get vaultName(): string {
    return vaultName(this.args.context);
  }

  /** ARNs of the vaults that recovery points are copied to. */
  private get copyVaults(): string[] {
    const { copies, settings } = this.args;
    return [copies?.vaultArn, settings.copyTo].filter((arn) => arn !== undefined);
  }

  private plan(vault: aws.backup.Vault): aws.backup.Plan {
    const { settings, context, copies } = this.args;
    const at = (later: number) => (settings.hour + later) % 24;
    const rule = (
      ruleName: string,
      schedule: string,
      lifecycle: aws.types.input.backup.PlanRuleLifecycle,
      copied = true,
    ): aws.types.input.backup.PlanRule => ({
      ruleName,
      targetVaultName: vault.name,
      schedule,
      ...windows,
      lifecycle,
      recoveryPointTags: { "plinth:backup": ruleName },
      ...(this.copyVaults.length === 0 || !copied
        ? {}
        : {
            // Copies have the same retention, in warm storage: only EFS supports cold storage.
            copyActions: this.copyVaults.map((destinationVaultArn) => ({
              destinationVaultArn,
              lifecycle: { deleteAfter: lifecycle.deleteAfter },
            })),
          }),
    });
    return new aws.backup.Plan(
      this.child("plan"),
      {
        name: physicalName("backupPlan", context.prefix),
        rules: [
          rule("daily", `cron(0 ${settings.hour} * * ? *)`, { deleteAfter: settings.dailyDays }),
          rule(
            "weekly",
            `cron(0 ${at(laterHours.weekly)} ? * SUN *)`,
            { deleteAfter: settings.weeklyDays },
            false,
          ),
          rule("monthly", `cron(0 ${at(laterHours.monthly)} 1 * ? *)`, {
            deleteAfter: settings.monthlyDays,
            ...(settings.coldDays === undefined ? {} : { coldStorageAfter: settings.coldDays }),
          }),
        ],
      },
      { ...this.inside, ...(copies === undefined ? {} : { dependsOn: [copies.vault] }) },
    );
  }

  /** By ARN: a selection by tag would include other resources with the same tag. */
  private selection(plan: aws.backup.Plan, key: aws.kms.Key): void {
    const { context, settings, resourceArns, dataKeyArn, copies } = this.args;
    const { accountId, region, prefix } = context;
    const { arn } = serviceRole(this, "role", {
      description: "Lets AWS Backup create recovery points",
      trust: trustOf("backup.amazonaws.com", accountId),
      statements: [
        // AWS Backup shares what it copies to another account, with the key of its source.
        keyUse("Keys", settings.copyTo === undefined ? "snapshot" : "encrypt", [key.arn, dataKeyArn], region),
        ...(copies === undefined ? [] : [keyUse("KeyOfCopies", "encrypt", copies.keyArn, copies.region)]),
      ],
      managed: {
        "role-backup": "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
        "role-s3": "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup",
      },
    });
    new aws.backup.Selection(
      this.child("selection"),
      {
        name: physicalName("backupPlan", prefix),
        planId: plan.id,
        iamRoleArn: arn,
        resources: [...resourceArns],
      },
      this.inside,
    );
  }

  private alarms(): void {
    const { context, alarmTopicArn } = this.args;
    const common = {
      namespace: "AWS/Backup",
      dimensions: { BackupVaultName: this.vaultName },
      statistic: "Sum",
      threshold: 1,
      period: hour,
      alarmTopicArn,
    } as const;
    // Each resource has a job a day, so these and `missing` say when any resource's newest recovery point is too old.
    for (const end of ["Failed", "Aborted", "Expired"])
      metricAlarm(this, end.toLowerCase(), {
        ...common,
        name: `${context.prefix}-backup-${end.toLowerCase()}`,
        description: `A backup job of AWS Backup has the status ${end.toUpperCase()}: its resource has no new recovery point. The job's status message names the reason. See docs/runbooks/README.md.`,
        metricName: `NumberOfBackupJobs${end}`,
      });
    if (this.copyVaults.length > 0)
      eventAlarm(this, "copies", { ...failedCopies(context, this.copyVaults), alarmTopicArn });
    metricAlarm(this, "missing", {
      ...common,
      name: `${context.prefix}-backup-missing`,
      description:
        "No backup job of AWS Backup has completed for 38 hours: all recovery points are older than planned. See docs/runbooks/README.md.",
      metricName: "NumberOfBackupJobsCompleted",
      comparison: "LessThanThreshold",
      // A day, the hour in which a job begins and the twelve in which it ends, and one to spare.
      periods: 38,
      missing: "breaching",
    });
  }
}
