import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Context } from "../context";
import { exactName } from "../naming";
import type { StoreOutputs } from "../store";

export interface SecretEntryArgs {
  readonly context: Context;
  readonly system: string;
  /** The store whose secret outputs the entry holds. */
  readonly store: string;
  /** Key that encrypts the entry. */
  readonly keyArn: pulumi.Input<string>;
  /** The entry's JSON properties. */
  readonly values: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
}

/** Days in which a deleted entry can be brought back; 30 is AWS's limit. 0 frees its name at once. */
const recoveryDays = (protect: boolean) => (protect ? 30 : 0);

/** Name of the Secrets Manager entry of a store. Others look it up by that, so it is never cut. */
export const entryName = ({ prefix }: Context, system: string, store: string) =>
  exactName("secret", `${prefix}/${system}/${store}`);

/** A Secrets Manager entry, and the version that fills it. `name` starts with the parent's. */
export function secretEntry(
  name: string,
  { context, system, store, keyArn, values }: SecretEntryArgs,
  opts: { readonly parent: pulumi.Resource },
): NonNullable<StoreOutputs["secret"]> {
  const entry = entryName(context, system, store);
  const secret = new aws.secretsmanager.Secret(
    name,
    {
      name: entry,
      description: `What ${system}'s workloads use ${store} with.`,
      kmsKeyId: keyArn,
      recoveryWindowInDays: recoveryDays(context.protect),
    },
    { ...opts, protect: context.protect },
  );
  const version = new aws.secretsmanager.SecretVersion(
    `${name}-version`,
    { secretId: secret.id, secretString: pulumi.secret(pulumi.jsonStringify(values)) },
    opts,
  );
  return { entry, filledBy: [version] };
}
