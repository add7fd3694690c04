import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../config";
import { environmentTags } from "./tags";

/** What every regional component knows of its surroundings: plain values, the same for all. */
export interface Context {
  /** Prefix of physical names. */
  readonly prefix: string;
  readonly accountId: string;
  readonly region: string;
  /** State can't be lost by accident: see `plinth:protect`. */
  readonly protect: boolean;
  /** Tags that cost and ownership are read from, for what EKS makes from Kubernetes objects. */
  readonly tags: Readonly<Record<string, string>>;
  /** Nothing outlives `destroy`: see `plinth:disposable`. */
  readonly disposable: boolean;
  /** Days that CloudWatch keeps logs for which no setting of their own exists: see `plinth:storage.serviceLogDays`. */
  readonly serviceLogDays: number;
}

/** What components of the environment's own region know. */
export const contextOf = (settings: Settings): Context => ({
  prefix: settings.prefix,
  accountId: settings.account.id,
  region: settings.account.region,
  protect: settings.protect,
  disposable: settings.disposable,
  serviceLogDays: settings.storage.serviceLogDays,
  tags: environmentTags(settings),
});

/** Keys that encrypt at rest, one a purpose. */
export interface KeyArns {
  /** The cluster's secrets and its nodes' volumes. */
  readonly cluster: pulumi.Output<string>;
  /** Databases, caches, buckets, Secrets Manager. */
  readonly data: pulumi.Output<string>;
  /** CloudWatch Logs. */
  readonly logs: pulumi.Output<string>;
  /** The topic that alarms are published to. */
  readonly alarms: pulumi.Output<string>;
}
