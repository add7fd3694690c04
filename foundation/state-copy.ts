import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../components/base/component";
import type { Context } from "../components/base/context";
import { AlarmTopic } from "../components/observability/alarm-topic";
import { encryptionKey } from "../components/security/keys";
import { AccessLogs } from "../components/storage/access-logs";
import { replication } from "../components/storage/replication";
import { bucketWatch } from "../components/storage/replication-alarms";
import type { FoundationSettings } from "../config";
import { findingsRule } from "./detectors";
import { StateBucket } from "./state";

export interface StateCopyArgs {
  /** Of the first region. */
  readonly context: Context;
  readonly settings: Pick<FoundationSettings, "accessLogDays" | "alarms" | "detectors">;
  readonly state: StateBucket;
  readonly provider: aws.Provider;
  /** Topic of the first region's alarms. */
  readonly alarmTopicArn: pulumi.Input<string>;
  readonly second: { readonly region: string; readonly provider: aws.Provider };
}

/** Prefix of names in the second region, since names of buckets are global. */
export const copyContext = (context: Context, region: string): Context => ({
  ...context,
  region,
  prefix: `${context.prefix}-standby`,
});

/**
 * The states in the second region, and the key of their secrets, so that `pulumi up` runs while the first region is
 * lost. The buckets replicate each other, so the first one gets later writes when its region is back. Only one of them
 * may be the backend at a time.
 *
 * Give it the second region's AWS provider.
 */
export class StateCopy extends Component {
  readonly state: StateBucket;
  /** Topic of the second region's alarms. */
  readonly alarmTopicArn: pulumi.Output<string>;

  constructor(name: string, args: StateCopyArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:foundation:StateCopy", name, opts);
    const { settings, state, provider, second } = args;
    const context = copyContext(args.context, second.region);
    const accessLogs = new AccessLogs(
      this.child("access-logs"),
      { context, days: settings.accessLogDays, cdn: false },
      this.inside,
    );
    this.state = new StateBucket(
      this.child("state"),
      { context, accessLogs, copyOf: { context: args.context, secretsKeyArn: state.secretsKeyArn } },
      this.inside,
    );
    replication(this, "replication", {
      timeControl: true,
      first: { region: state.region, provider, keyArn: state.keyArn, bucket: state.replicable },
      second: { ...second, keyArn: this.state.keyArn, bucket: this.state.replicable },
    });
    const alarms = new AlarmTopic(
      this.child("alarms"),
      {
        context,
        settings: settings.alarms,
        keys: { alarms: encryptionKey(this, "alarms", context) },
        rules: settings.detectors === undefined ? [] : [findingsRule(context)],
      },
      this.inside,
    );
    this.alarmTopicArn = alarms.arn;
    bucketWatch(this, "replication", {
      label: `${context.prefix}-state-replication`,
      first: state.bucketName,
      second: this.state.bucketName,
      timeControl: true,
      there: { provider, alarmTopicArn: args.alarmTopicArn },
      alarmTopicArn: alarms.arn,
    });
    this.registerOutputs();
  }
}
