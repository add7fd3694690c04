import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../components/base/component";
import type { Context } from "../components/base/context";
import type { AccessLogs } from "../components/storage/access-logs";
import type { DetectorSettings } from "../config";
import { Detectors } from "./detectors";
import { Recorder } from "./recorder";

export interface WatchArgs {
  readonly context: Context;
  readonly settings: DetectorSettings | undefined;
  /** Bucket of access logs of the first region. */
  readonly accessLogs: AccessLogs;
  /** Topic of the region's alarms. */
  readonly alarmTopicArn: pulumi.Input<string>;
  /** The first region's recorder. Default: this is the first region. */
  readonly first?: { readonly recorder: Recorder | undefined };
}

/**
 * Security services of a region: GuardDuty, Security Hub, Access Analyzer and AWS Config cover only their own region.
 * Inspector scans images only in the first one, since those of the second are replicas. Returns the recorder of AWS
 * Config, where there is one.
 */
export function watchRegion(
  parent: Component,
  parts: readonly string[],
  { context, settings, accessLogs, alarmTopicArn, first }: WatchArgs,
  opts: pulumi.ComponentResourceOptions,
): Recorder | undefined {
  if (settings === undefined) return undefined;
  const { config, inspector, ...rest } = settings;
  new Detectors(
    parent.child(...parts, "detectors"),
    {
      context,
      settings: { ...rest, inspector: inspector && first === undefined },
      topicArn: alarmTopicArn,
    },
    opts,
  );
  return (
    config &&
    new Recorder(
      parent.child(...parts, "recorder"),
      { context, settings: config, accessLogs, first: first?.recorder },
      opts,
    )
  );
}
