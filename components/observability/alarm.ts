import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** An alarm on one CloudWatch metric, or on a Metrics Insights query. */
export type AlarmArgs = {
  /** Physical name of the alarm. */
  readonly name: string;
  /** What it means, and where to look. */
  readonly description: string;
  /** The value at which it goes off, in the metric's own unit. */
  readonly threshold: number;
  /** It goes off when the metric is at the threshold or below. Default: at the threshold or above. */
  readonly below?: boolean;
  /** Seconds of a period. Default: 300. */
  readonly period?: number;
  /** How many periods in a row it takes. Default: one. */
  readonly periods?: number;
  readonly alarmTopicArn: pulumi.Input<string>;
} & (
  | {
      readonly namespace: string;
      readonly metricName: string;
      readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
      readonly statistic: "Sum" | "Maximum" | "Minimum" | "Average";
    }
  | { readonly query: string }
);

/**
 * Notifies the subscribers of the alarm topic when a metric reaches its threshold, and when it is back. A metric without
 * data doesn't raise the alarm: what isn't used publishes nothing. `name` starts with the parent's.
 */
export function metricAlarm(name: string, args: AlarmArgs, opts: { readonly parent: pulumi.Resource }): void {
  const { description, threshold, period = 300, periods = 1, alarmTopicArn } = args;
  const metric =
    "query" in args
      ? { metricQueries: [{ id: "q", expression: args.query, period, returnData: true }] }
      : {
          namespace: args.namespace,
          metricName: args.metricName,
          dimensions: args.dimensions,
          statistic: args.statistic,
          period,
        };
  new aws.cloudwatch.MetricAlarm(
    name,
    {
      name: args.name,
      alarmDescription: description,
      ...metric,
      evaluationPeriods: periods,
      comparisonOperator: args.below ? "LessThanOrEqualToThreshold" : "GreaterThanOrEqualToThreshold",
      threshold,
      treatMissingData: "notBreaching",
      alarmActions: [alarmTopicArn],
      okActions: [alarmTopicArn],
    },
    opts,
  );
}
