import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "./component";
import type { Context } from "./context";

export interface LogGroupArgs {
  readonly context: Context;
  /**
   * Physical name. A service that writes to a group of a fixed name makes it, unencrypted and kept forever, if it is
   * missing.
   */
  readonly name: string;
  /** KMS key that encrypts it. */
  readonly keyArn: pulumi.Input<string>;
  /** Days that CloudWatch keeps its events. Default: `plinth:storage.serviceLogDays`. */
  readonly days?: number;
  /** Whether Pulumi and AWS refuse to delete it. Default: no protection is set. */
  readonly protect?: boolean;
}

/** An encrypted log group with a retention. */
export const logGroup = (
  parent: Component,
  key: string,
  { context, name, keyArn, days = context.serviceLogDays, protect }: LogGroupArgs,
): aws.cloudwatch.LogGroup =>
  new aws.cloudwatch.LogGroup(
    parent.child(key),
    {
      name,
      retentionInDays: days,
      kmsKeyId: keyArn,
      ...(protect === undefined ? {} : { deletionProtectionEnabled: protect }),
    },
    { ...parent.inside, ...(protect === undefined ? {} : { protect }) },
  );
