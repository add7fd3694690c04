import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import type { Context } from "../base/context";
import { gated } from "../base/gated";

/** A workspace that metrics are written to and read from. */
export interface MetricsStore {
  readonly arn: pulumi.Output<string>;
  /** Address that Prometheus writes to. */
  readonly writeUrl: pulumi.Output<string>;
  /** Path of its query API at the service's endpoint: `/workspaces/<id>`. */
  readonly path: pulumi.Output<string>;
}

export interface MetricsStoreArgs {
  readonly context: Context;
  /** Days after which the service deletes samples: 1095 at most. Source: its user guide, quotas. */
  readonly days: number;
  /** Key that encrypts what is stored. The service uses it by grants that the workspace's creation makes. */
  readonly keyArn: pulumi.Input<string>;
}

/**
 * A workspace of Amazon Managed Service for Prometheus. It has no log group: the service logs only its own rules and
 * alerts there, and this one has none.
 */
export function metricsStore(
  parent: Component,
  key: string,
  { context, days, keyArn }: MetricsStoreArgs,
): MetricsStore {
  const workspace = new aws.amp.Workspace(
    parent.child(key),
    { alias: context.prefix, kmsKeyArn: keyArn, tags: { Name: context.prefix } },
    { ...parent.inside, protect: context.protect },
  );
  const configuration = new aws.amp.WorkspaceConfiguration(
    parent.child(key, "configuration"),
    { workspaceId: workspace.id, retentionPeriodInDays: days },
    parent.inside,
  );
  // Known once the retention is set, so that no sample is written with another one.
  const id = gated(workspace.id, [configuration.id]);
  const path = pulumi.interpolate`/workspaces/${id}`;
  return {
    arn: workspace.arn,
    path,
    writeUrl: pulumi.interpolate`https://${metricsEndpoint(context.region)}${path}/api/v1/remote_write`,
  };
}

/** Host of the service's API for metrics. Source: AWS general reference, endpoints of the service. */
export const metricsEndpoint = (region: string): string => `aps-workspaces.${region}.amazonaws.com`;

/** Permission to write to a workspace. Source: the service's user guide, IAM permissions. */
export const mayWriteMetrics = (arn: pulumi.Input<string>): aws.iam.PolicyStatement[] => [
  { Effect: "Allow", Action: "aps:RemoteWrite", Resource: arn },
];

/** Permission to read from a workspace. */
export const mayQueryMetrics = (arn: pulumi.Input<string>): aws.iam.PolicyStatement[] => [
  {
    Effect: "Allow",
    Action: ["aps:GetLabels", "aps:GetMetricMetadata", "aps:GetSeries", "aps:QueryMetrics"],
    Resource: arn,
  },
];
