import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Component } from "../../base/component";
import type { Context } from "../../base/context";
import { secretEntry, type SecretEntry } from "../../security/secret-entry";
import { loginSlots, login, masterUser, monitorOf, readerOf, type LoginSlot, type Logins } from "./logins";
import { scramVerifier } from "./scram";

export interface CredentialsArgs {
  readonly context: Context;
  readonly system: string;
  readonly store: string;
  /** Role that owns the objects that workloads create. */
  readonly owner: string;
  /** Whether a proxy logs in for the workloads, which needs the owner's logins. */
  readonly proxied: boolean;
  /** Number of the master user's password: another one is another password. */
  readonly masterVersion: number;
  /** Key that encrypts the Secrets Manager entries. */
  readonly keyArn: pulumi.Input<string>;
}

/** Length of a password: 32 letters and digits are 190 bits. */
const passwordLength = 32;
/** Length of a salt: 24 letters and digits are 142 bits. */
const saltLength = 24;

/** A login, its password, and the verifier that the database stores. */
interface Access {
  readonly name: string;
  readonly password: pulumi.Output<string>;
  readonly verifier: pulumi.Output<string>;
}

/** The roles of a database, as the properties of the master user's entry name them. */
const roleKeys = ["owner", "reader", "monitor"] as const;
type RoleKey = (typeof roleKeys)[number];

/** Both logins of each role. */
type Accesses = Readonly<Record<RoleKey, Readonly<Record<LoginSlot, Access>>>>;

/**
 * The logins of a database, and their Secrets Manager entries:
 *
 * - `<store>/master`: the master user, for the bootstrap job and for rotation; no workload reads it;
 * - `<store>`: the logins that the workloads use now; rotation changes it;
 * - `<store>/a` and `<store>/b`: one of the owner's logins each, in RDS Proxy's format, if there is a proxy.
 */
export class Credentials extends Component {
  /** Password of the master user, for the instance. */
  readonly masterPassword: pulumi.Output<string>;
  readonly master: SecretEntry;
  readonly application: SecretEntry;
  /** Entries of the owner's two logins; undefined without a proxy. */
  readonly proxied: Readonly<Record<LoginSlot, SecretEntry>> | undefined;

  constructor(
    name: string,
    private readonly args: CredentialsArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:data:Credentials", name, opts);
    const { owner } = args;
    // The first password has no keepers: environments had it before it had a number, and keep it.
    const keepers = args.masterVersion === 1 ? undefined : { version: String(args.masterVersion) };
    this.masterPassword = this.generate(passwordLength, ["master-password"], keepers);
    const both = (key: RoleKey, role: string) => ({
      a: this.access(key, role, "a"),
      b: this.access(key, role, "b"),
    });
    const accesses: Accesses = {
      owner: both("owner", owner),
      reader: both("reader", readerOf(owner)),
      monitor: both("monitor", monitorOf(owner)),
    };
    this.master = this.masterEntry(accesses);
    this.application = this.applicationEntry(accesses);
    this.proxied = args.proxied
      ? { a: this.loginEntry("a", accesses.owner.a), b: this.loginEntry("b", accesses.owner.b) }
      : undefined;
    this.registerOutputs();
  }

  /**
   * A random value of letters and digits.
   *
   * @param keepers A change of them makes another value. Default: none.
   */
  private generate(
    length: number,
    child: readonly string[],
    keepers?: Readonly<Record<string, string>>,
  ): pulumi.Output<string> {
    const args = { length, special: false, ...(keepers && { keepers }) };
    return new random.RandomPassword(this.child(...child), args, this.inside).result;
  }

  private access(key: RoleKey, role: string, slot: LoginSlot): Access {
    const password = this.generate(passwordLength, [key, slot]);
    const salt = this.generate(saltLength, [key, slot, "salt"]);
    const verifier = pulumi.all([password, salt]).apply(([word, s]) => scramVerifier(word, Buffer.from(s)));
    return { name: login(role, slot), password, verifier };
  }

  /** The verifiers are for creating missing logins: see `roles-script.ts`. */
  private masterEntry(accesses: Accesses): SecretEntry {
    const { system, store } = this.args;
    const values: Record<string, pulumi.Input<string>> = { user: masterUser, password: this.masterPassword };
    for (const key of roleKeys)
      for (const slot of loginSlots) values[`${key}_${slot}_verifier`] = accesses[key][slot].verifier;
    return secretEntry(this, "master", {
      ...this.args,
      store: `${store}/master`,
      values,
      description: `Master user of ${system}'s ${store}, which creates and rotates its roles. Not for workloads.`,
    });
  }

  private applicationEntry({ owner, reader, monitor }: Accesses): SecretEntry {
    const values: { readonly [Key in keyof Logins]: pulumi.Input<string> } = {
      user: owner.a.name,
      password: owner.a.password,
      readUser: reader.a.name,
      readPassword: reader.a.password,
      monitorUser: monitor.a.name,
      monitorPassword: monitor.a.password,
    };
    return secretEntry(this, "application", { ...this.args, values: { ...values }, rotated: true });
  }

  private loginEntry(slot: LoginSlot, { name: username, password }: Access): SecretEntry {
    const { system, store } = this.args;
    return secretEntry(this, `login-${slot}`, {
      ...this.args,
      store: `${store}/${slot}`,
      values: { username, password },
      description: `One of the two logins that RDS Proxy of ${system}'s ${store} accepts from workloads.`,
      rotated: true,
    });
  }
}
