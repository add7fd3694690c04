import type { Component } from "../base/component";
import { metricAlarm, type AlarmArgs } from "../observability/alarm";
import { backupMetrics } from "./backup-rights";

const hour = 60 * 60;

/** An alarm on a backup, or on the test of one, that hasn't succeeded for some time. Raised until the first has. */
export const missingAlarm = (
  parent: Component,
  key: string,
  args: Pick<
    AlarmArgs,
    "name" | "description" | "dimensions" | "metricName" | "periods" | "alarmTopicArn"
  > & {
    /** Default: the sum, of a metric that counts successes. */
    readonly statistic?: AlarmArgs["statistic"];
    /** In seconds. Default: an hour. */
    readonly period?: number;
  },
) =>
  metricAlarm(parent, key, {
    statistic: "Sum",
    period: hour,
    ...args,
    namespace: backupMetrics,
    threshold: 1,
    comparison: "LessThanThreshold",
    missing: "breaching",
  });
