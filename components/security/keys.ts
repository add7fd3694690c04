import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import type { Context, KeyArns } from "../context";

type Purpose = keyof KeyArns;

const purposes: Readonly<Record<Purpose, string>> = {
  cluster: "Kubernetes secrets, nodes' and pods' volumes",
  data: "Databases, caches, buckets, queues, Secrets Manager",
  logs: "CloudWatch Logs",
  alarms: "Alarms on their way to people",
};

/** Days between a key's deletion and its end, in which it can be called back. AWS allows 7 to 30. */
const deletionDays = { protected: 30, unprotected: 7 } as const;

/**
 * The keys that encrypt everything at rest: one a purpose, so that who may read logs may not, by that, read data.
 * Each is rotated every year, and deleted with the environment that it belongs to.
 */
export class Keys extends Component implements KeyArns {
  readonly cluster: pulumi.Output<string>;
  readonly data: pulumi.Output<string>;
  readonly logs: pulumi.Output<string>;
  readonly alarms: pulumi.Output<string>;

  constructor(
    name: string,
    { context }: { readonly context: Context },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:security:Keys", name, opts);
    this.cluster = this.key("cluster", context);
    this.data = this.key("data", context);
    this.logs = this.key("logs", context, [cloudWatchLogs(context)]);
    this.alarms = this.key("alarms", context, [cloudWatchAlarms]);
    this.registerOutputs();
  }

  private key(purpose: Purpose, context: Context, more: readonly object[] = []): pulumi.Output<string> {
    const key = new aws.kms.Key(
      this.child(purpose),
      {
        description: purposes[purpose],
        enableKeyRotation: true,
        deletionWindowInDays: context.protect ? deletionDays.protected : deletionDays.unprotected,
        policy: JSON.stringify({ Version: "2012-10-17", Statement: [account(context), ...more] }),
        tags: { Name: `${context.prefix}-${purpose}` },
      },
      { ...this.inside, protect: context.protect },
    );
    new aws.kms.Alias(
      this.child(purpose, "alias"),
      { name: `alias/${context.prefix}-${purpose}`, targetKeyId: key.keyId },
      this.inside,
    );
    return key.arn;
  }
}

/**
 * Leaves the decision to IAM, for the identities of this account. RDS, ElastiCache, S3, EBS, EKS and Secrets Manager
 * use a key with the rights of who called them, so none of them is named here.
 */
const account = ({ accountId }: Context) => ({
  Sid: "AccountByIam",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${accountId}:root` },
  Action: "kms:*",
  Resource: "*",
});

/**
 * CloudWatch Logs uses the key as itself, for this account's log groups.
 * Source: CloudWatch Logs user guide, encrypt log data using KMS.
 */
const cloudWatchLogs = ({ accountId, region }: Context) => ({
  Sid: "CloudWatchLogs",
  Effect: "Allow",
  Principal: { Service: `logs.${region}.amazonaws.com` },
  Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
  Resource: "*",
  Condition: {
    ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${region}:${accountId}:log-group:*` },
  },
});

/**
 * CloudWatch writes to an encrypted topic with this right of its own. The key serves that one topic, whose policy
 * names the account. Source: AWS knowledge center, alarms on an encrypted SNS topic.
 */
const cloudWatchAlarms = {
  Sid: "CloudWatchAlarms",
  Effect: "Allow",
  Principal: { Service: "cloudwatch.amazonaws.com" },
  Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
  Resource: "*",
};
