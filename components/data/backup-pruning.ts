import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Rule } from "../../functions/pruning/expired";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import { logRetentionDays } from "./housekeeping";
import { primaryIdentifier } from "./instances";
import { functionBundle } from "../base/function-bundle";
import { gated } from "../base/gated";
import { physicalName, rolePrefix } from "../base/naming";
import { functionAlarm } from "../observability/function-alarm";
import { backupPrefix } from "./backup";

export interface BackupPruningArgs {
  readonly context: Context;
  /** Days that a system's backups are kept, by the system's name. */
  readonly days: Readonly<Record<string, number>>;
  readonly logsKeyArn: pulumi.Input<string>;
  /** Where it is told that the function has failed. */
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Most seconds that it takes: a few calls a system. */
const timeout = 300;
/** Mebibytes. */
const memorySize = 256;

/**
 * What removes the backups that gates have made, once they are old: Pulumi has forgotten them, and RDS keeps such
 * snapshots for ever, of which an account has a hundred by default. Once a day. It may remove no snapshot of any other
 * kind or instance, and leaves the newest of each system.
 */
export class BackupPruning extends Component {
  constructor(
    name: string,
    private readonly args: BackupPruningArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:release:BackupPruning", name, opts);
    const functionName = physicalName("function", args.context.prefix, "backup-pruning");
    const handler = this.function(functionName);
    functionAlarm(
      this.child("errors"),
      {
        functionName,
        description:
          "Old backups of releases stay, and an account has room for a hundred: see the function's log.",
        alarmTopicArn: args.alarmTopicArn,
      },
      this.inside,
    );
    const schedule = new aws.cloudwatch.EventRule(
      this.child("schedule"),
      { scheduleExpression: "rate(1 day)", description: "Removes old backups that releases have made." },
      this.inside,
    );
    const permission = new aws.lambda.Permission(
      this.child("permission"),
      {
        function: handler.name,
        action: "lambda:InvokeFunction",
        principal: "events.amazonaws.com",
        sourceArn: schedule.arn,
      },
      this.inside,
    );
    new aws.cloudwatch.EventTarget(
      this.child("target"),
      { rule: schedule.name, arn: gated(handler.arn, [permission.id]) },
      this.inside,
    );
    this.registerOutputs();
  }

  private get rules(): Rule[] {
    const { context, days } = this.args;
    return Object.entries(days).map(([system, kept]) => {
      const instance = primaryIdentifier(context.prefix, system);
      return { instance, prefix: backupPrefix(instance), days: kept };
    });
  }

  private function(name: string): aws.lambda.Function {
    const logs = new aws.cloudwatch.LogGroup(
      this.child("logs"),
      { name: `/aws/lambda/${name}`, retentionInDays: logRetentionDays, kmsKeyId: this.args.logsKeyArn },
      this.inside,
    );
    return new aws.lambda.Function(
      this.child("function"),
      {
        name,
        description: "Removes old snapshots that releases have made of databases.",
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: new pulumi.asset.AssetArchive({
          "index.js": new pulumi.asset.FileAsset(functionBundle("pruning")),
        }),
        role: this.role(logs),
        timeout,
        memorySize,
        loggingConfig: { logGroup: logs.name, logFormat: "JSON" },
        environment: { variables: { RULES: JSON.stringify(this.rules) } },
      },
      this.inside,
    );
  }

  /** ARN of the function's role: known once it may do what it is for. */
  private role(logs: aws.cloudwatch.LogGroup): pulumi.Output<string> {
    const role = new aws.iam.Role(
      this.child("role"),
      {
        namePrefix: rolePrefix(this.child("role")),
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
          ],
        },
      },
      this.inside,
    );
    const policy = new aws.iam.RolePolicy(
      this.child("policy"),
      { role: role.name, policy: { Version: "2012-10-17", Statement: this.statements(logs) } },
      this.inside,
    );
    return gated(role.arn, [policy.id]);
  }

  private statements(logs: aws.cloudwatch.LogGroup): aws.iam.PolicyStatement[] {
    const { region, accountId } = this.args.context;
    const arn = (what: string) => `arn:aws:rds:${region}:${accountId}:${what}`;
    return [
      {
        Sid: "Look",
        Effect: "Allow",
        Action: "rds:DescribeDBSnapshots",
        // A list that is asked for by instance is asked of the instance and of all snapshots.
        Resource: [...this.rules.map(({ instance }) => arn(`db:${instance}`)), arn("snapshot:*")],
      },
      {
        Sid: "Remove",
        Effect: "Allow",
        Action: "rds:DeleteDBSnapshot",
        Resource: this.rules.map(({ prefix }) => arn(`snapshot:${prefix}*`)),
      },
      {
        Sid: "Log",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: pulumi.interpolate`${logs.arn}:*`,
      },
    ];
  }
}
