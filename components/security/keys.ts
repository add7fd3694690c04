import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";

type Purpose = keyof KeyArns;

const purposes: Readonly<Record<Purpose, string>> = {
  cluster: "Kubernetes secrets, nodes' and pods' volumes",
  data: "Databases, caches, buckets, queues, Secrets Manager",
  logs: "CloudWatch Logs",
  alarms: "Alarms on their way to people",
};

/** Waiting period before a deleted key is destroyed, in days. AWS allows 7 to 30. */
const deletionDays = { kept: 30, disposable: 7 } as const;

/** Keys of data that outlives the environment: snapshots, backups, buckets, files, and the volumes of pods. */
const outliving: readonly Purpose[] = ["data", "cluster"];

/**
 * The keys that encrypt everything at rest: one per purpose, so access to logs doesn't include access to data. Each is
 * rotated every year. Unless the environment is disposable, the keys of data that outlives it are retained when it is
 * destroyed, with their policy and their tag `Name`. Their alias is deleted, so a new environment can use the name.
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
    this.cluster = keyFor(this, "cluster", context);
    this.data = keyFor(this, "data", context);
    this.logs = keyFor(this, "logs", context);
    this.alarms = keyFor(this, "alarms", context);
    this.registerOutputs();
  }
}

/** One of the four keys. A region that only has logs and alarms needs no more than these two. */
export function keyFor(parent: Component, purpose: Purpose, context: Context): pulumi.Output<string> {
  const services = {
    logs: [cloudWatchLogs(context)],
    alarms: [cloudWatchAlarms(context)],
    cluster: [],
    data: [],
  };
  return encryptionKey(parent, purpose, {
    context,
    description: purposes[purpose],
    outlives: outliving.includes(purpose),
    statements: services[purpose],
  });
}

/** A key with its alias, `<prefix>-<purpose>`, which is rotated every year. */
export function encryptionKey(
  parent: Component,
  purpose: string,
  args: {
    readonly context: Context;
    readonly description: string;
    /** Whether what it encrypts outlives the environment. Default: no. */
    readonly outlives?: boolean;
    /** Who may use it besides the account's identities. Default: nobody. */
    readonly statements?: readonly object[];
  },
): pulumi.Output<string> {
  const { context, description, outlives = false, statements = [] } = args;
  const { prefix, protect, disposable } = context;
  const key = new aws.kms.Key(
    parent.child(purpose),
    {
      description,
      enableKeyRotation: true,
      deletionWindowInDays: disposable ? deletionDays.disposable : deletionDays.kept,
      policy: JSON.stringify({ Version: "2012-10-17", Statement: [account(context), ...statements] }),
      tags: { Name: `${prefix}-${purpose}` },
    },
    { ...parent.inside, protect, retainOnDelete: !disposable && outlives },
  );
  new aws.kms.Alias(
    parent.child(purpose, "alias"),
    { name: `alias/${prefix}-${purpose}`, targetKeyId: key.keyId },
    parent.inside,
  );
  return key.arn;
}

/**
 * Leaves the decision to IAM, for the identities of this account. RDS, ElastiCache, S3, EBS, EKS and Secrets Manager
 * use a key with the caller's permissions, so none of them is named here.
 */
const account = ({ accountId }: Context) => ({
  Sid: "AccountByIam",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${accountId}:root` },
  Action: "kms:*",
  Resource: "*",
});

/**
 * CloudWatch Logs uses the key as a service principal, for this account's log groups. Source: CloudWatch Logs user
 * guide, encrypt log data using KMS.
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
 * Lets CloudWatch publish to an encrypted topic, only for alarms of this account. Source: SNS developer guide, key
 * management, event sources of AWS services and encrypted topics.
 */
const cloudWatchAlarms = ({ accountId }: Context) => ({
  Sid: "CloudWatchAlarms",
  Effect: "Allow",
  Principal: { Service: "cloudwatch.amazonaws.com" },
  Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
  Resource: "*",
  Condition: { StringEquals: { "aws:SourceAccount": accountId } },
});
