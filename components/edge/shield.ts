import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";

/**
 * The account's subscription to Shield Advanced: a year, which AWS renews unless somebody ends it in its last month. So
 * Pulumi leaves it where it is. Source: AWS Shield API reference, UpdateSubscription.
 */
export const subscription = (name: string, provider: aws.Provider): aws.shield.Subscription =>
  new aws.shield.Subscription(name, { autoRenew: "ENABLED", skipDestroy: true }, { provider });

/** Has Shield Advanced protect one resource; without a subscription AWS refuses. */
export const protection = (
  parent: Component,
  key: string,
  { name, arn }: { readonly name: string; readonly arn: pulumi.Input<string> },
): aws.shield.Protection =>
  new aws.shield.Protection(parent.child(key), { name, resourceArn: arn }, parent.inside);
