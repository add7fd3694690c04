import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import type { Context } from "../base/context";
import { queryAlarm } from "../observability/alarm";
import { cloudAlarms } from "../observability/cloud-alarms";
import { balancerAlarms } from "../observability/edge-alarms";
import { protection } from "./shield";

export interface LoadBalancerWatchArgs {
  readonly context: Context;
  /** Name that the load balancer's Ingresses give it. */
  readonly name: string;
  /** Its addresses in the Ingresses' status: it exists once they are known. */
  readonly addresses: readonly pulumi.Output<string>[];
  readonly alarmTopicArn: pulumi.Input<string>;
  /** Whether Shield Advanced protects it. */
  readonly shielded: boolean;
}

/**
 * Alarms on the public load balancer, and its Shield protection. EKS creates it, so its ARN is looked up by its name once
 * the Ingresses have an address. A preview of a new stack shows it as unknown.
 *
 * @returns The alarms of `balancerAlarms`; none without an Ingress.
 */
export function watchLoadBalancer(
  parent: Component,
  key: string,
  { context, name, addresses, alarmTopicArn, shielded }: LoadBalancerWatchArgs,
): Record<string, aws.cloudwatch.MetricAlarm> {
  if (addresses.length === 0) return {};
  const found = aws.lb.getLoadBalancerOutput(
    { name: pulumi.all([...addresses]).apply(() => name) },
    parent.inside,
  );
  const alarms = cloudAlarms(parent, key, balancerAlarms, {
    label: `${name}-load-balancer`,
    namespace: "AWS/ApplicationELB",
    dimensions: { LoadBalancer: found.arnSuffix },
    alarmTopicArn,
  });
  // EKS creates and deletes its target groups, so a query finds them.
  queryAlarm(parent, `${key}-unhealthy`, {
    name: `${context.prefix}-load-balancer-unhealthy`,
    description:
      "Pods fail the load balancer's health checks and get no requests. Check the workload's readiness probe and its log. See docs/edge.md.",
    query: pulumi.interpolate`SELECT MAX(UnHealthyHostCount) FROM SCHEMA("AWS/ApplicationELB", LoadBalancer, TargetGroup) WHERE LoadBalancer = '${found.arnSuffix}'`,
    threshold: 1,
    // A pod that starts or terminates is briefly unhealthy.
    periods: 2,
    alarmTopicArn,
  });
  if (shielded) protection(parent, `${key}-shield`, { name, arn: found.arn });
  return alarms;
}
