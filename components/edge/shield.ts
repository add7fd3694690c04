import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";

/**
 * The account's subscription to Shield Advanced: a year, which AWS renews unless auto-renewal is turned off in its last
 * month. Destroying the stack doesn't end it. Source: AWS Shield API reference, UpdateSubscription.
 */
export const subscription = (name: string, provider: aws.Provider): aws.shield.Subscription =>
  new aws.shield.Subscription(name, { autoRenew: "ENABLED", skipDestroy: true }, { provider });

/** Protects a resource with Shield Advanced; it needs the subscription. */
export const protection = (
  parent: Component,
  key: string,
  { name, arn }: { readonly name: string; readonly arn: pulumi.Input<string> },
): aws.shield.Protection =>
  new aws.shield.Protection(parent.child(key), { name, resourceArn: arn }, parent.inside);
