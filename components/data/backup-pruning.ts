import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Rule } from "../../functions/pruning/expired";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import { primaryIdentifier } from "./instances";
import { physicalName } from "../base/naming";
import { daily } from "../observability/daily";
import { lambdaFunction } from "../observability/lambda-function";
import { backupPrefix } from "./backup";

export interface BackupPruningArgs {
  readonly context: Context;
  /** Retention of a system's backups in days, by the system's name. */
  readonly days: Readonly<Record<string, number>>;
  readonly logsKeyArn: pulumi.Input<string>;
  /** Topic of the alarm on the function's errors. */
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Timeout of the function in seconds: it makes a few calls per system. */
const timeout = 300;

/**
 * Deletes old backups that gates created, once a day. Pulumi no longer tracks them, and RDS keeps manual snapshots
 * forever, with a default quota of a hundred for each region. Its permissions cover no other snapshots or instances,
 * and it keeps the newest backup of each system.
 */
export class BackupPruning extends Component {
  constructor(
    name: string,
    private readonly args: BackupPruningArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:release:BackupPruning", name, opts);
    const functionName = physicalName("function", args.context.prefix, "backup-pruning");
    const handler = lambdaFunction(this, {
      context: args.context,
      name: functionName,
      description: "Deletes old snapshots of databases that releases created.",
      bundle: "pruning",
      variables: { RULES: JSON.stringify(this.rules) },
      timeout,
      statements: this.statements(),
      logsKeyArn: args.logsKeyArn,
      alarm: {
        description:
          "The function couldn't delete old snapshots of releases. Releases fail at the quota of 100 manual snapshots for each region. Read the function's log.",
        topicArn: args.alarmTopicArn,
      },
    });
    daily(this, handler, "Deletes old snapshots of databases that releases created.");
    this.registerOutputs();
  }

  private get rules(): Rule[] {
    const { context, days } = this.args;
    return Object.entries(days).map(([system, kept]) => {
      const instance = primaryIdentifier(context.prefix, system);
      return { instance, prefix: backupPrefix(instance), days: kept };
    });
  }

  private statements(): aws.iam.PolicyStatement[] {
    const { region, accountId } = this.args.context;
    const arn = (what: string) => `arn:aws:rds:${region}:${accountId}:${what}`;
    return [
      {
        Sid: "FindBackups",
        Effect: "Allow",
        Action: "rds:DescribeDBSnapshots",
        // Listing snapshots by instance is authorized on the instance and on all snapshots.
        Resource: [...this.rules.map(({ instance }) => arn(`db:${instance}`)), arn("snapshot:*")],
      },
      {
        Sid: "Remove",
        Effect: "Allow",
        Action: "rds:DeleteDBSnapshot",
        Resource: this.rules.map(({ prefix }) => arn(`snapshot:${prefix}*`)),
      },
    ];
  }
}
