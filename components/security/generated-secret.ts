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
  /** What is generated: one secret each. */
  readonly keys: readonly string[];
  /** Key that encrypts the Secrets Manager entry. */
  readonly keyArn: pulumi.Input<string>;
}

/** Characters of a secret: letters and digits, so 64 of them are 381 bits. */
const length = 64;

/** Secrets that nobody chooses, such as the ones that sign tokens: one Secrets Manager entry, a property each. */
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
