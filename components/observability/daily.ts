import * as aws from "@pulumi/aws";
import type { Component } from "../base/component";
import { gated } from "../base/gated";

/** Has EventBridge invoke a function once a day. */
export const daily = (parent: Component, handler: aws.lambda.Function, description: string): void => {
  scheduled(parent, handler, "rate(1 day)", description);
};

/** Has EventBridge invoke a function, as often as `scheduleExpression` says. */
export function scheduled(
  parent: Component,
  handler: aws.lambda.Function,
  scheduleExpression: string,
  description: string,
): void {
  const schedule = new aws.cloudwatch.EventRule(
    parent.child("schedule"),
    { scheduleExpression, description },
    parent.inside,
  );
  const permission = new aws.lambda.Permission(
    parent.child("permission"),
    {
      function: handler.name,
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: schedule.arn,
    },
    parent.inside,
  );
  new aws.cloudwatch.EventTarget(
    parent.child("target"),
    { rule: schedule.name, arn: gated(handler.arn, [permission.id]) },
    parent.inside,
  );
}
