import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../components/base/component";
import type { Context } from "../components/base/context";
import type { AccessLogs } from "../components/storage/access-logs";
import { configPrefix } from "../components/storage/bucket-policy";
import type { RecorderSettings } from "../config";

export interface RecorderArgs {
  readonly context: Pick<Context, "prefix" | "accountId">;
  readonly settings: RecorderSettings;
  readonly accessLogs: Pick<AccessLogs, "bucketName">;
}

/** The role that AWS Config has in every account that uses it. Source: AWS Config developer guide, service-linked roles. */
const roleOf = (accountId: string) =>
  `arn:aws:iam::${accountId}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`;

/**
 * AWS Config: records what the account's resources are, and checks them by AWS' managed rules. It writes to the bucket of
 * access logs, since it supports no bucket with a default retention; S3 copies its files to the audit bucket. Source: AWS
 * Config developer guide, managing the delivery channel.
 */
export class Recorder extends Component {
  constructor(
    name: string,
    { context: { prefix, accountId }, settings, accessLogs }: RecorderArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:foundation:Recorder", name, opts);
    const recorder = new aws.cfg.Recorder(
      this.child("recorder"),
      {
        name: `${prefix}-config`,
        roleArn: this.role(settings, accountId),
        recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
        recordingMode: { recordingFrequency: settings.frequency },
      },
      this.inside,
    );
    const channel = new aws.cfg.DeliveryChannel(
      this.child("channel"),
      {
        name: `${prefix}-config`,
        s3BucketName: accessLogs.bucketName,
        s3KeyPrefix: configPrefix,
        snapshotDeliveryProperties: { deliveryFrequency: "TwentyFour_Hours" },
      },
      // AWS Config takes a channel only beside a recorder.
      { ...this.inside, dependsOn: [recorder] },
    );
    // It starts only with a channel, and stops before the channel is deleted.
    const started = new aws.cfg.RecorderStatus(
      this.child("started"),
      { name: recorder.name, isEnabled: true },
      { ...this.inside, dependsOn: [channel] },
    );
    for (const rule of settings.rules)
      new aws.cfg.Rule(
        this.child("rule", rule),
        {
          name: `${prefix}-${rule.toLowerCase().replaceAll("_", "-")}`,
          source: { owner: "AWS", sourceIdentifier: rule },
        },
        { ...this.inside, dependsOn: [started] },
      );
    this.registerOutputs();
  }

  /** The service-linked role. Others in the account use it too, so it stays. */
  private role({ role }: RecorderSettings, accountId: string): pulumi.Input<string> {
    return role === "exists"
      ? roleOf(accountId)
      : new aws.iam.ServiceLinkedRole(
          this.child("role"),
          { awsServiceName: "config.amazonaws.com" },
          { ...this.inside, retainOnDelete: true },
        ).arn;
  }
}
