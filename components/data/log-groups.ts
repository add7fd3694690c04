import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import type { Context } from "../base/context";
import { logGroup } from "../base/log-group";

/** Settings that the log groups of a database's instances share. */
export interface EngineLogs {
  readonly context: Context;
  readonly logsKeyArn: pulumi.Input<string>;
  /** Retention of PostgreSQL's log in days. It contains pgaudit's records. */
  readonly logDays: number;
  /** Whether they outlive the instance. Default: false. */
  readonly retain?: boolean;
}

/** Kinds of log that RDS exports from PostgreSQL; it writes each to a log group with a fixed name. */
export const engineLogs = ["postgresql", "upgrade"] as const;

/** The log groups of an instance. They must exist first, or RDS creates them unencrypted and without retention. */
export const engineLogGroups = (
  parent: Component,
  key: string,
  { context, identifier, logsKeyArn, logDays, retain }: EngineLogs & { readonly identifier: string },
): aws.cloudwatch.LogGroup[] =>
  engineLogs.map((type) =>
    logGroup(parent, `${key}-log-${type}`, {
      context,
      name: `/aws/rds/instance/${identifier}/${type}`,
      keyArn: logsKeyArn,
      retain,
      ...(type === "postgresql" ? { days: logDays } : {}),
    }),
  );
