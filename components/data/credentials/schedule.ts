import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../../base/component";
import type { Rotation } from "../../base/store";

/**
 * Rotation schedule of an entry; the first rotation is after the first interval. Secrets Manager has the function test
 * the logins as soon as there is a schedule, so it is created after the job in the cluster that creates the logins. No
 * other part of a database waits for that job.
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
