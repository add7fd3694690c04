import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import type { Context } from "../base/context";

export interface EventAlarmArgs {
  /** Name of the rule, which the topic's policy names. */
  readonly name: string;
  /** Description of the rule in the console. */
  readonly description: string;
  /** Pattern of EventBridge: an event must have one of the values of each field. */
  readonly pattern: object;
  /** Text of the message, with `<name>` for each of `fields`, and what to do. */
  readonly message: string;
  /** Fields of the event that the message names, by JSON path. */
  readonly fields: Readonly<Record<string, string>>;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Notifies the subscribers of the alarm topic of an event of an AWS service that no metric shows. */
export function eventAlarm(
  parent: Component,
  key: string,
  { name, description, pattern, message, fields, alarmTopicArn }: EventAlarmArgs,
): void {
  const rule = new aws.cloudwatch.EventRule(
    parent.child(key),
    { name, description, eventPattern: JSON.stringify(pattern) },
    parent.inside,
  );
  new aws.cloudwatch.EventTarget(
    parent.child(key, "target"),
    {
      rule: rule.name,
      arn: alarmTopicArn,
      inputTransformer: { inputPaths: { ...fields }, inputTemplate: JSON.stringify(message) },
    },
    parent.inside,
  );
}

/** Name of the rule on databases' events. */
export const databaseEventsRule = (prefix: string): string => `${prefix}-database-events`;

/**
 * Databases of an environment that failed over to their standby, or failed. A failover closes all connections for a
 * minute or two. Source: Amazon RDS user guide, event categories and event messages; EventBridge events of RDS.
 */
export const databaseEvents = (prefix: string): Omit<EventAlarmArgs, "alarmTopicArn"> => ({
  name: databaseEventsRule(prefix),
  description: "RDS failover and failure events",
  pattern: {
    source: ["aws.rds"],
    "detail-type": ["RDS DB Instance Event"],
    detail: {
      EventCategories: ["failover", "failure"],
      SourceIdentifier: [{ prefix: `${prefix}-` }],
    },
  },
  message:
    "RDS: <instance>: <text> (<time>). The event closes all connections: check that the workloads have reconnected.",
  fields: { instance: "$.detail.SourceIdentifier", text: "$.detail.Message", time: "$.time" },
});

/** Name of the rule on copies of recovery points. */
export const copyEventsRule = (prefix: string): string => `${prefix}-backup-copy-events`;

/**
 * Recovery points that AWS Backup couldn't copy to another vault: of the second region, or of another account. Source: AWS Backup developer guide,
 * monitoring events with EventBridge, copy job state change.
 */
export const failedCopies = (
  { prefix }: Pick<Context, "prefix">,
  vaultArns: readonly string[],
): Omit<EventAlarmArgs, "alarmTopicArn"> => ({
  name: copyEventsRule(prefix),
  description: "Failed copy jobs of AWS Backup",
  pattern: {
    source: ["aws.backup"],
    "detail-type": ["Copy Job State Change"],
    detail: { state: ["FAILED"], destinationBackupVaultArn: vaultArns },
  },
  message:
    "AWS Backup couldn't copy a recovery point of <resource> to <vault>: <reason> (<time>). The vault lacks the newest recovery point. See docs/runbooks/README.md.",
  fields: {
    resource: "$.detail.resourceArn",
    vault: "$.detail.destinationBackupVaultArn",
    reason: "$.detail.statusMessage",
    time: "$.time",
  },
});
