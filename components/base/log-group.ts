import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "./component";
import type { Context } from "./context";

export interface LogGroupArgs {
  readonly context: Context;
  /**
   * Physical name. A service that writes to a fixed group name creates a missing group itself, unencrypted and without
   * retention.
   */
  readonly name: string;
  /** KMS key that encrypts it. */
  readonly keyArn: pulumi.Input<string>;
  /** Retention in days. Default: `plinth:storage.serviceLogDays`. */
  readonly days?: number;
  /** Whether Pulumi and AWS refuse to delete it. Default: unprotected. */
  readonly protect?: boolean;
  /** Whether it outlives its resource. Default: false. */
  readonly retain?: boolean | undefined;
}

/** An encrypted log group with a retention period. */
export const logGroup = (
  parent: Component,
  key: string,
  { context, name, keyArn, days = context.serviceLogDays, protect, retain = false }: LogGroupArgs,
): aws.cloudwatch.LogGroup =>
  new aws.cloudwatch.LogGroup(
    parent.child(key),
    {
      name,
      retentionInDays: days,
      kmsKeyId: keyArn,
      ...(protect === undefined ? {} : { deletionProtectionEnabled: protect }),
    },
    {
      ...parent.inside,
      ...(protect === undefined ? {} : { protect }),
      ...(retain ? { retainOnDelete: true } : {}),
    },
  );
