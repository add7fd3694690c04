import * as pulumi from "@pulumi/pulumi";
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
  /** Version of the secrets, from 1. Default: they never change. */
  readonly version?: number;
  /** Key that encrypts the Secrets Manager entry. */
  readonly keyArn: pulumi.Input<string>;
}

/** Length of a secret: 64 letters and digits are 381 bits. */
const length = 64;

/**
 * Random secrets, such as those that sign tokens: one Secrets Manager entry with a property for each. With a version,
 * `<key>Accepted` has the previous secret and the next one, separated by a comma. So a pod that still has the previous
 * version accepts what a pod with the new one signs, and the other way around: a release of any length ends no session.
 */
export class GeneratedSecret extends Component {
  readonly outputs: StoreOutputs;

  constructor(name: string, args: GeneratedSecretArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:security:GeneratedSecret", name, opts);
    const { keys, version } = args;
    const values: Record<string, pulumi.Output<string>> = {};
    for (const key of keys) {
      values[key] = version === undefined ? this.generate(key) : this.generate(key, version);
      if (version !== undefined) values[`${key}Accepted`] = this.accepted(key, version);
    }
    this.outputs = {
      plain: {},
      secret: secretEntry(this, "entry", { ...args, values }),
      ready: [],
      destinations: [],
      grants: [],
    };
    this.registerOutputs();
  }

  private generate(key: string, version?: number): pulumi.Output<string> {
    return new random.RandomPassword(
      this.child(key, ...(version === undefined ? [] : [version])),
      { length, special: false },
      // Before there were versions, the first one had this name.
      version === 1 ? { ...this.inside, aliases: [{ name: this.child(key) }] } : this.inside,
    ).result;
  }

  private accepted(key: string, version: number): pulumi.Output<string> {
    const others = [version - 1, version + 1].filter((other) => other > 0);
    return pulumi.all(others.map((other) => this.generate(key, other))).apply((secrets) => secrets.join(","));
  }
}
