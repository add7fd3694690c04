import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import type { Context } from "../base/context";
import { exactName } from "../base/naming";
import type { StoreOutputs } from "../base/store";

export interface SecretEntryArgs {
  readonly context: Context;
  readonly system: string;
  /** The store whose secrets the entry holds; with `/<part>` after it where it has more than one entry. */
  readonly store: string;
  /** Key that encrypts the entry. */
  readonly keyArn: pulumi.Input<string>;
  /** The entry's JSON properties. */
  readonly values: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
  /** What the entry is for. Default: what the system's workloads use the store with. */
  readonly description?: string;
  /** The values are what the entry starts with: others follow without Pulumi. Default: false. */
  readonly rotated?: boolean;
}

/** An entry: its name, its ARN, and the resource that fills it. */
export type SecretEntry = NonNullable<StoreOutputs["secret"]> & { readonly arn: pulumi.Output<string> };

/** Days in which a deleted entry can be brought back; 30 is AWS's limit. 0 frees its name at once. */
const recoveryDays = (disposable: boolean) => (disposable ? 0 : 30);

/**
 * What becomes of a rotated entry's first version. Rotation moves AWSCURRENT to versions of its own; a version
 * without any label is deprecated and removed in time, and Pulumi would write it again, with the old passwords, as
 * the current one. A label of our own keeps it, and what rotation changes is none of Pulumi's business.
 */
const handedOver = {
  args: { versionStages: ["AWSCURRENT", "plinth-initial"] },
  opts: { ignoreChanges: ["secretString", "versionStages"] },
};

/** Name of the Secrets Manager entry of a store. Others look it up by that, so it is never cut. */
export const entryName = ({ prefix }: Context, system: string, store: string) =>
  exactName("secret", `${prefix}/${system}/${store}`);

/** A Secrets Manager entry, and the version that fills it. */
export function secretEntry(
  parent: Component,
  key: string,
  { context, system, store, keyArn, values, description, rotated }: SecretEntryArgs,
): SecretEntry {
  const entry = entryName(context, system, store);
  const secret = new aws.secretsmanager.Secret(
    parent.child(key),
    {
      name: entry,
      description: description ?? `What ${system}'s workloads use ${store} with.`,
      kmsKeyId: keyArn,
      recoveryWindowInDays: recoveryDays(context.disposable),
    },
    { ...parent.inside, protect: context.protect },
  );
  const version = new aws.secretsmanager.SecretVersion(
    parent.child(key, "version"),
    {
      secretId: secret.id,
      secretString: pulumi.secret(pulumi.jsonStringify(values)),
      ...(rotated === true ? handedOver.args : {}),
    },
    { ...parent.inside, ...(rotated === true ? handedOver.opts : {}) },
  );
  return { entry, arn: secret.arn, filledBy: [version], version: version.versionId };
}
