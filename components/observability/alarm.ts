import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";

/** An alarm on one CloudWatch metric. */
export interface AlarmArgs {
  /** Physical name of the alarm. */
  readonly name: string;
  /** What happened, what it means for users, and what to do first. At most 1024 characters. */
  readonly description: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly statistic: "Sum" | "Maximum" | "Minimum" | "Average" | "p95";
  /** In the metric's own unit. */
  readonly threshold: number;
  /** Default: at or above the threshold. */
  readonly comparison?: "GreaterThanOrEqualToThreshold" | "LessThanOrEqualToThreshold" | "LessThanThreshold";
  /** Period in seconds. Default: 300. */
  readonly period?: number;
  /** Consecutive breaching periods until it is raised. Default: one. */
  readonly periods?: number;
  /** How periods without data count. Default: `notBreaching`, since unused resources publish no data. */
  readonly missing?: "notBreaching" | "breaching";
  readonly alarmTopicArn: pulumi.Input<string>;
  /** Provider of the region that has metric and topic. Default: the parent's. */
  readonly provider?: pulumi.ProviderResource | undefined;
}

/** Notifies the subscribers of the alarm topic when a metric reaches its threshold, and when it recovers. */
export function metricAlarm(
  parent: Component,
  key: string,
  {
    name,
    description,
    namespace,
    metricName,
    dimensions,
    statistic,
    threshold,
    comparison = "GreaterThanOrEqualToThreshold",
    period = 300,
    periods = 1,
    missing = "notBreaching",
    alarmTopicArn,
    provider,
  }: AlarmArgs,
): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(
    parent.child(key),
    {
      name,
      alarmDescription: description,
      namespace,
      metricName,
      dimensions,
      ...(statistic === "p95" ? { extendedStatistic: statistic } : { statistic }),
      period,
      evaluationPeriods: periods,
      comparisonOperator: comparison,
      threshold,
      treatMissingData: missing,
      alarmActions: [alarmTopicArn],
      okActions: [alarmTopicArn],
    },
    { ...parent.inside, ...(provider === undefined ? {} : { provider }) },
  );
}

/** An alarm on what a query of CloudWatch Metrics Insights finds, in periods of five minutes. */
export interface QueryAlarmArgs extends Pick<
  AlarmArgs,
  "name" | "description" | "threshold" | "periods" | "alarmTopicArn"
> {
  /** A query that returns one time series. */
  readonly query: pulumi.Input<string>;
}

/** Notifies the subscribers of the alarm topic when a query's result reaches its threshold, and when it recovers. */
export function queryAlarm(
  parent: Component,
  key: string,
  { name, description, query, threshold, periods = 1, alarmTopicArn }: QueryAlarmArgs,
): void {
  new aws.cloudwatch.MetricAlarm(
    parent.child(key),
    {
      name,
      alarmDescription: description,
      metricQueries: [{ id: "found", expression: query, period: 300, returnData: true }],
      evaluationPeriods: periods,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold,
      treatMissingData: "notBreaching",
      alarmActions: [alarmTopicArn],
      okActions: [alarmTopicArn],
    },
    parent.inside,
  );
}
