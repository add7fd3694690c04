import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../config";
import { environmentTags } from "./tags";

/** Settings that all components of a region share. All but the key of `secretCopies` are plain values. */
export interface Context {
  /** Prefix of physical names. */
  readonly prefix: string;
  readonly accountId: string;
  readonly region: string;
  /** Stateful resources are protected against deletion: see `plinth:protect`. */
  readonly protect: boolean;
  /** Cost and ownership tags for resources that EKS creates from Kubernetes objects. */
  readonly tags: Readonly<Record<string, string>>;
  /** `destroy` deletes everything: see `plinth:disposable`. */
  readonly disposable: boolean;
  /** Default retention of CloudWatch logs, in days: see `plinth:storage.serviceLogDays`. */
  readonly serviceLogDays: number;
  /** Second region, to which Secrets Manager replicates every entry, and the key there. Default: none. */
  readonly secretCopies?: { readonly region: string; readonly keyArn: pulumi.Output<string> } | undefined;
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

/** Keys for encryption at rest, one per purpose. */
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
