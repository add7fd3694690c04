import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { NatsSettings } from "../../config";
import type { NatsStore } from "../../systems/spec";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import { secretEntry } from "../security/secret-entry";
import type { StoreOutputs } from "../base/store";
import { inboxOf, loginOf, permissionsOf, versionsOf, type NatsUser } from "./nats-access";
import { natsAuthority, natsHost } from "./nats-names";
import { natsPorts } from "../base/ports";

export interface NatsCredentialsArgs {
  readonly context: Context;
  readonly system: string;
  readonly store: string;
  readonly spec: NatsStore;
  readonly settings: NatsSettings;
  readonly users: readonly NatsUser[];
  /** Whether jobs back up the streams, each with a login of its own. */
  readonly backedUp: boolean;
  /** Key that encrypts the Secrets Manager entry. */
  readonly keyArn: pulumi.Input<string>;
}

/** Length of a password: 32 letters and digits are 190 bits. */
const length = 32;

/** Property of the entry with the hash of a login's password, for the servers. */
export const hashOf = (login: string) => `${login}_hash`;

/**
 * The logins of NATS, in a Secrets Manager entry: each login's password, and its bcrypt hash, which is all that the
 * servers get. A new `credentialsVersion` in the stack file changes the passwords: the previous version's logins stay
 * valid until the next change, for pods that still use them.
 */
export class NatsCredentials extends Component {
  /** Outputs for workloads. The servers in the cluster add the others. */
  readonly outputs: StoreOutputs;

  constructor(
    name: string,
    private readonly args: NatsCredentialsArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:messaging:NatsCredentials", name, opts);
    const { spec, settings } = args;
    const host = natsHost(spec.namespace);
    this.outputs = {
      plain: { ca: `${natsAuthority.path}/${natsAuthority.key}` },
      personal: { inbox: inboxOf },
      secret: {
        ...secretEntry(this, "entry", { ...args, values: this.values() }),
        composed: {
          url: (property, reader) => {
            const login = loginOf(reader, settings.credentialsVersion);
            return `tls://${login}:${property(login)}@${host}:${natsPorts.client}`;
          },
        },
      },
      ready: [],
      destinations: [],
      grants: [],
    };
    this.registerOutputs();
  }

  private values(): Record<string, pulumi.Output<string>> {
    const { users, spec, settings, backedUp } = this.args;
    const values: Record<string, pulumi.Output<string>> = {};
    for (const user of Object.keys(permissionsOf(users, spec.streams, backedUp)))
      for (const version of versionsOf(settings.credentialsVersion)) {
        const login = loginOf(user, version);
        const password = new random.RandomPassword(
          this.child(login),
          { length, special: false },
          this.inside,
        );
        values[login] = password.result;
        values[hashOf(login)] = password.bcryptHash;
      }
    return values;
  }
}
