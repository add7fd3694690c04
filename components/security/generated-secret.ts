import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import type { StoreOutputs } from "../base/store";
import { secretEntry } from "./secret-entry";

export interface GeneratedSecretArgs {
  readonly context: Context;
  readonly system: string;
  readonly store: string;
  /** Names of the generated secrets. */
  readonly keys: readonly string[];
  /** Key that encrypts the Secrets Manager entry. */
  readonly keyArn: pulumi.Input<string>;
}

/** Length of a secret: 64 letters and digits are 381 bits. */
const length = 64;

/** Random secrets, such as those that sign tokens: one Secrets Manager entry with a property for each. */
export class GeneratedSecret extends Component {
  readonly outputs: StoreOutputs;

  constructor(name: string, args: GeneratedSecretArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:security:GeneratedSecret", name, opts);
    const values: Record<string, pulumi.Output<string>> = {};
    for (const key of args.keys)
      values[key] = new random.RandomPassword(
        this.child(key),
        { length, special: false },
        this.inside,
      ).result;
    this.outputs = {
      plain: {},
      secret: secretEntry(this, "entry", { ...args, values }),
      ready: [],
      destinations: [],
      grants: [],
    };
    this.registerOutputs();
  }
}
