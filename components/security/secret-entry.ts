import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import type { Context } from "../base/context";
import { exactName } from "../base/naming";
import type { StoreOutputs } from "../base/store";

export interface SecretEntryArgs {
  readonly context: Context;
  readonly system: string;
  /** The store whose secrets the entry holds, followed by `/<part>` if it has several entries. */
  readonly store: string;
  /** Key that encrypts the entry. */
  readonly keyArn: pulumi.Input<string>;
  /** The entry's JSON properties. */
  readonly values: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
  /** Purpose of the entry. Default: the workloads' secrets for the store. */
  readonly description?: string;
  /** Whether the values are only initial ones, which are then rotated outside Pulumi. Default: false. */
  readonly rotated?: boolean;
}

/** An entry: its name, its ARN, and the resource that fills it. */
export type SecretEntry = NonNullable<StoreOutputs["secret"]> & { readonly arn: pulumi.Output<string> };

/** Recovery window of a deleted entry, in days. 30 is AWS's limit; 0 frees its name at once. */
const recoveryDays = (disposable: boolean) => (disposable ? 0 : 30);

/**
 * Keeps a rotated entry's first version. Rotation moves AWSCURRENT to new versions. A version without any label is
 * deprecated and eventually removed, and Pulumi would write it again, with the old passwords, as the current one. Our
 * own label keeps it, and Pulumi ignores what rotation changes.
 */
const handedOver = {
  args: { versionStages: ["AWSCURRENT", "plinth-initial"] },
  opts: { ignoreChanges: ["secretString", "versionStages"] },
};

/** Name of the Secrets Manager entry of a store. Others look it up by this name, so it is never cut. */
export const entryName = ({ prefix }: Context, system: string, store: string) =>
  exactName("secret", `${prefix}/${system}/${store}`);

/** A Secrets Manager entry, and the version that fills it. */
export function secretEntry(
  parent: Component,
  key: string,
  { context, system, store, keyArn, values, description, rotated }: SecretEntryArgs,
): SecretEntry {
  const entry = entryName(context, system, store);
  const { secretCopies } = context;
  const secret = new aws.secretsmanager.Secret(
    parent.child(key),
    {
      name: entry,
      description: description ?? `Credentials of ${system}'s workloads for ${store}.`,
      kmsKeyId: keyArn,
      recoveryWindowInDays: recoveryDays(context.disposable),
      ...(secretCopies === undefined
        ? {}
        : { replicas: [{ region: secretCopies.region, kmsKeyId: secretCopies.keyArn }] }),
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
