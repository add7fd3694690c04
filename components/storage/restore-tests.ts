import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { RestoreTestSettings } from "../../config";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import { serviceRole, trustOf } from "../base/service-role";
import type { Recoverable } from "../base/store";
import { eventAlarm } from "../observability/event-alarm";
import { keyUse } from "./locked-vault";

export interface RestoreTestsArgs {
  readonly context: Context;
  readonly settings: RestoreTestSettings;
  readonly vaultArn: pulumi.Input<string>;
  /** Key of the recovery points of files and buckets. */
  readonly vaultKeyArn: pulumi.Input<string>;
  /** Key of the databases and of restored resources. */
  readonly dataKeyArn: pulumi.Input<string>;
  /** What is restored, by `<system>-<store>`. */
  readonly recoverable: Readonly<Record<string, Recoverable>>;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Names of restore testing have letters, digits and underscores. Source: AWS Backup developer guide, restore testing. */
const word = (...parts: readonly string[]): string => parts.join("_").replaceAll("-", "_");

/** Hours in which a test starts, and for which a restored resource stays, so a failed one can be examined. */
const hours = { startWindow: 1, validationWindow: 1 } as const;

/** Maximum age of the recovery point in days: an older one says nothing about last night's. */
const selectionWindowDays = 2;

/** Name of the rule on tests that failed. */
export const restoreTestsRule = (prefix: string): string => `${prefix}-restore-tests`;

/**
 * Restores the newest recovery point of each database, file system and bucket once a week, next to the original, and
 * deletes it an hour later. A restored database has its system's subnets and security group: without them AWS Backup
 * takes the default VPC, and an account may have none. Source: AWS Backup developer guide, restore testing inferred metadata.
 */
export class RestoreTests extends Component {
  constructor(
    name: string,
    private readonly args: RestoreTestsArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:storage:RestoreTests", name, opts);
    const plan = this.plan();
    const role = this.role();
    for (const [key, each] of Object.entries(args.recoverable)) this.selection(key, each, plan, role);
    this.alarm();
    this.registerOutputs();
  }

  private get planName(): string {
    return word(this.args.context.prefix, "weekly");
  }

  private plan(): aws.backup.RestoreTestingPlan {
    const { settings, vaultArn } = this.args;
    return new aws.backup.RestoreTestingPlan(
      this.child("plan"),
      {
        name: this.planName,
        scheduleExpression: `cron(0 ${settings.hour} ? * ${settings.weekday.slice(0, 3).toUpperCase()} *)`,
        startWindowHours: hours.startWindow,
        recoveryPointSelection: {
          algorithm: "LATEST_WITHIN_WINDOW",
          includeVaults: [vaultArn],
          recoveryPointTypes: ["SNAPSHOT"],
          selectionWindowDays,
        },
      },
      this.inside,
    );
  }

  /** One selection per resource, since each database has its own metadata. */
  private selection(
    key: string,
    { arn, type, restore = {} }: Recoverable,
    plan: aws.backup.RestoreTestingPlan,
    iamRoleArn: pulumi.Input<string>,
  ): void {
    new aws.backup.RestoreTestingSelection(
      this.child(key),
      {
        name: word(key),
        restoreTestingPlanName: plan.name,
        protectedResourceType: type,
        protectedResourceArns: [arn],
        iamRoleArn,
        validationWindowHours: hours.validationWindow,
        restoreMetadataOverrides: { ...restore, ...this.encryption(type) },
      },
      // The provider reports a change of the ARNs as done, but doesn't apply it. The name is in use until it is
      // deleted.
      { ...this.inside, replaceOnChanges: ["protectedResourceArns"], deleteBeforeReplace: true },
    );
  }

  /** A database keeps the key of its recovery point. */
  private encryption(type: Recoverable["type"]): Readonly<Record<string, pulumi.Input<string>>> {
    const { dataKeyArn } = this.args;
    switch (type) {
      case "RDS":
        return {};
      case "EFS":
        return { kmsKeyId: dataKeyArn };
      case "S3":
        return { encryptionType: "SSE-KMS", kmsKey: dataKeyArn };
    }
  }

  private role(): pulumi.Output<string> {
    const { context, vaultKeyArn, dataKeyArn } = this.args;
    const { accountId, region } = context;
    return serviceRole(this, "role", {
      description: "Lets AWS Backup restore recovery points for restore testing",
      trust: trustOf("backup.amazonaws.com", accountId),
      statements: [keyUse("Keys", "encrypt", [vaultKeyArn, dataKeyArn], region)],
      managed: {
        "role-restore": "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
        "role-s3": "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Restore",
      },
    }).arn;
  }

  /** AWS Backup publishes one event for each job that ends. */
  private alarm(): void {
    const { context, alarmTopicArn } = this.args;
    const { prefix, region, accountId } = context;
    eventAlarm(this, "failed", {
      name: restoreTestsRule(prefix),
      description: "Failed restore testing jobs of AWS Backup",
      pattern: {
        source: ["aws.backup"],
        "detail-type": ["Restore Job State Change"],
        detail: {
          status: ["FAILED", "ABORTED"],
          restoreTestingPlanArn: [
            { prefix: `arn:aws:backup:${region}:${accountId}:restore-testing-plan:${this.planName}` },
          ],
        },
      },
      message:
        "AWS Backup: the restore test <job> of <resource> has the status <status>: <why>. Its newest recovery point may not be restorable. See docs/runbooks/README.md.",
      fields: {
        job: "$.detail.restoreJobId",
        resource: "$.detail.sourceResourceArn",
        status: "$.detail.status",
        why: "$.detail.statusMessage",
      },
      alarmTopicArn,
    });
  }
}
