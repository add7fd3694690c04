import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";

/** An entry, and what rotates it. */
export interface Rotation {
  readonly entryArn: pulumi.Input<string>;
  /** ARN of the function, known once Secrets Manager may call it. */
  readonly functionArn: pulumi.Input<string>;
  /** Days between two rotations. */
  readonly days: number;
  /** A rotation needs a version to start from. */
  readonly filledBy: readonly pulumi.Resource[];
}

/**
 * When an entry is rotated: the first time after the first interval. Secrets Manager has the function try the logins as
 * soon as there is a schedule, so it comes after the job that makes them, and that job runs in the cluster: nothing
 * else of a database waits for it.
 */
export function rotationSchedule(
  parent: Component,
  key: string,
  { entryArn, functionArn, days, filledBy }: Rotation,
  waitsFor: readonly pulumi.Resource[],
): void {
  new aws.secretsmanager.SecretRotation(
    parent.child(key),
    {
      secretId: entryArn,
      rotationLambdaArn: functionArn,
      rotateImmediately: false,
      rotationRules: { automaticallyAfterDays: days },
    },
    { ...parent.inside, dependsOn: [...waitsFor, ...filledBy] },
  );
}
