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
  /** Key that encrypts the Secrets Manager entry. */
  readonly keyArn: pulumi.Input<string>;
}

/** Letters and digits of a password: 32 of them are 190 bits. */
const length = 32;

/** Property of the entry with what the servers keep of a login's password. */
export const hashOf = (login: string) => `${login}_hash`;

/**
 * Who may log in to NATS, in an entry of Secrets Manager: each login's password, and its bcrypt hash, which is all that
 * the servers are given. Passwords are changed by one line of config, `credentialsVersion`: the logins of the version
 * before stay until the next change, for pods that still hold them.
 */
export class NatsCredentials extends Component {
  /** What workloads get; the servers in the cluster add the rest. */
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
    const { users, spec, settings } = this.args;
    const values: Record<string, pulumi.Output<string>> = {};
    for (const user of Object.keys(permissionsOf(users, spec.streams)))
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
