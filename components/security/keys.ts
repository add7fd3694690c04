import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";
import {
  accountByIam,
  backupsOfAccount,
  cloudWatchAlarms,
  cloudWatchLogs,
  eventRules,
  spotInstances,
} from "./key-policies";

type Purpose = keyof KeyArns;

const purposes: Readonly<Record<Purpose, string>> = {
  cluster: "Secrets of Kubernetes, volumes of nodes and pods",
  data: "Databases, caches, buckets, queues, file systems and Secrets Manager",
  logs: "CloudWatch Logs",
  alarms: "SNS topics for alarms",
};

/** Waiting period before a deleted key is destroyed, in days. AWS allows 7 to 30. */
export const deletionDays = ({ disposable }: Pick<Context, "disposable">): number => (disposable ? 7 : 30);

/** Keys of data that outlives the environment: snapshots, backups, buckets, files, and the volumes of pods. */
const outliving: readonly Purpose[] = ["data", "cluster"];

/** Users of a key in addition to the account's own identities. */
interface Users {
  /** Account that recovery points of data are copied to. Default: none. */
  readonly copiesTo?: string | undefined;
  /** Whether the cluster's nodes are Spot Instances. Default: no. */
  readonly spot?: boolean;
}

export interface KeysArgs extends Users {
  readonly context: Context;
}

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

  constructor(name: string, { context, ...users }: KeysArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:security:Keys", name, opts);
    this.cluster = encryptionKey(this, "cluster", context, users);
    this.data = encryptionKey(this, "data", context, users);
    this.logs = encryptionKey(this, "logs", context);
    this.alarms = encryptionKey(this, "alarms", context);
    this.registerOutputs();
  }
}

/** One of the four keys. A region that only has logs and alarms needs no more than these two. */
export function encryptionKey(
  parent: Component,
  purpose: Purpose,
  context: Context,
  { copiesTo, spot = false }: Users = {},
): pulumi.Output<string> {
  const services = {
    logs: [cloudWatchLogs(context)],
    alarms: [cloudWatchAlarms(context), eventRules(context)],
    cluster: spot ? spotInstances(context) : [],
    data: copiesTo === undefined ? [] : backupsOfAccount(copiesTo),
  };
  return kmsKey(parent, purpose, {
    context,
    description: purposes[purpose],
    statements: services[purpose],
    kept: outliving.includes(purpose),
  });
}

export interface KmsKeyArgs {
  readonly context: Pick<Context, "prefix" | "accountId" | "protect" | "disposable">;
  readonly description: string;
  /** Statements of the key's policy in addition to the one that leaves access to IAM policies. Default: none. */
  readonly statements?: readonly object[];
  /** Whether it stays when a stack that isn't disposable is destroyed. Default: false. */
  readonly kept?: boolean;
  /** Whether other regions can have replicas of it. Another value replaces the key. Default: false. */
  readonly multiRegion?: boolean;
}

/** A KMS key that is rotated every year, with the alias `<prefix>-<purpose>`. Returns its ARN. */
export function kmsKey(
  parent: Component,
  purpose: string,
  { context, description, statements = [], kept = false, multiRegion = false }: KmsKeyArgs,
): pulumi.Output<string> {
  const { prefix, protect, disposable } = context;
  const key = new aws.kms.Key(
    parent.child(purpose),
    {
      description,
      enableKeyRotation: true,
      ...(multiRegion ? { multiRegion } : {}),
      deletionWindowInDays: deletionDays(context),
      policy: JSON.stringify({ Version: "2012-10-17", Statement: [accountByIam(context), ...statements] }),
      tags: { Name: `${prefix}-${purpose}` },
    },
    { ...parent.inside, protect, retainOnDelete: !disposable && kept },
  );
  return aliased(parent, purpose, prefix, key);
}

/**
 * The replica of a multi-Region key in another region: it decrypts what the key has encrypted. It is rotated with the
 * key, and its policy is its own. Returns its ARN.
 */
export function replicaKey(
  parent: Component,
  purpose: string,
  {
    context,
    description,
    kept = false,
    primaryKeyArn,
  }: Omit<KmsKeyArgs, "statements" | "multiRegion"> & { readonly primaryKeyArn: pulumi.Input<string> },
): pulumi.Output<string> {
  const { prefix, protect, disposable } = context;
  const key = new aws.kms.ReplicaKey(
    parent.child(purpose),
    {
      description,
      primaryKeyArn,
      deletionWindowInDays: deletionDays(context),
      policy: JSON.stringify({ Version: "2012-10-17", Statement: [accountByIam(context)] }),
      tags: { Name: `${prefix}-${purpose}` },
    },
    { ...parent.inside, protect, retainOnDelete: !disposable && kept },
  );
  return aliased(parent, purpose, prefix, key);
}

function aliased(
  parent: Component,
  purpose: string,
  prefix: string,
  { keyId, arn }: Pick<aws.kms.Key, "keyId" | "arn">,
): pulumi.Output<string> {
  new aws.kms.Alias(
    parent.child(purpose, "alias"),
    { name: `alias/${prefix}-${purpose}`, targetKeyId: keyId },
    parent.inside,
  );
  return arn;
}
