import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import { logRetentionDays } from "./housekeeping";

/** What encrypts the log groups, and how long PostgreSQL's own log is kept: it has the audit's record in it. */
export interface EngineLogs {
  readonly logsKeyArn: pulumi.Input<string>;
  /** Days. */
  readonly logDays: number;
}

/** Kinds of log that RDS exports from PostgreSQL; it writes each to a log group of a fixed name. */
export const engineLogs = ["postgresql", "upgrade"] as const;

/**
 * The log groups of an instance. They come before it, else RDS makes them, without key and for ever. `name` starts
 * with the parent's.
 */
export const engineLogGroups = (
  parent: Component,
  key: string,
  { identifier, logsKeyArn: kmsKeyId, logDays }: EngineLogs & { readonly identifier: string },
): aws.cloudwatch.LogGroup[] =>
  engineLogs.map(
    (type) =>
      new aws.cloudwatch.LogGroup(
        parent.child(key, "log", type),
        {
          name: `/aws/rds/instance/${identifier}/${type}`,
          retentionInDays: type === "postgresql" ? logDays : logRetentionDays,
          kmsKeyId,
        },
        parent.inside,
      ),
  );
