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
  /** Bucket of the first region: AWS Config delivers to another region too. */
  readonly accessLogs: Pick<AccessLogs, "bucketName">;
  /** The recorder of the first region, whose role it shares. Default: this is the first region. */
  readonly first?: Recorder | undefined;
}

/** AWS Config's service-linked role. Source: AWS Config developer guide, service-linked roles. */
const roleOf = (accountId: string) =>
  `arn:aws:iam::${accountId}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`;

/** Rules on global resources, which each region would report again. */
const ofAccount = /^(IAM|ROOT|ACCESS_KEYS)_/;

/**
 * AWS Config: records the account's resources, and checks them by AWS' managed rules. It writes to the access log
 * bucket, since it doesn't support a bucket with a default retention; S3 replicates its files to the audit bucket.
 * Global resources, such as IAM's, are recorded and checked only in the first region. Sources: AWS Config developer
 * guide, managing the delivery channel, and selecting which resources are recorded.
 */
export class Recorder extends Component {
  /** ARN of its role, known once the account has it. */
  private readonly roleArn: pulumi.Input<string>;

  constructor(
    name: string,
    { context: { prefix, accountId }, settings, accessLogs, first }: RecorderArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:foundation:Recorder", name, opts);
    this.roleArn = first?.roleArn ?? this.role(settings, accountId);
    const recorder = new aws.cfg.Recorder(
      this.child("recorder"),
      {
        name: `${prefix}-config`,
        roleArn: this.roleArn,
        recordingGroup: { allSupported: true, includeGlobalResourceTypes: first === undefined },
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
      // AWS Config requires a recorder before a delivery channel.
      { ...this.inside, dependsOn: [recorder] },
    );
    // It starts only with a channel, and stops before the channel is deleted.
    const started = new aws.cfg.RecorderStatus(
      this.child("started"),
      { name: recorder.name, isEnabled: true },
      { ...this.inside, dependsOn: [channel] },
    );
    for (const rule of settings.rules.filter((each) => first === undefined || !ofAccount.test(each)))
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
