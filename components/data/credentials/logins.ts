/**
 * The names of a database's roles. The owner owns all objects that workloads create with either of its two logins, so
 * rotation switches logins without changing any ownership.
 */

/** The two logins of a role: one is in use while rotation changes the other's password. */
export const loginSlots = ["a", "b"] as const;
export type LoginSlot = (typeof loginSlots)[number];

/** Master user, which RDS creates with the instance. It is for administration; no workload has its password. */
export const masterUser = "plinth";

/** Role that may read everything that the owner creates. */
export const readerOf = (owner: string) => `${owner}_read`;

/** Role that may read the server's statistics and settings, but no data. */
export const monitorOf = (owner: string) => `${owner}_monitor`;

/** Name of a role's login. */
export const login = (role: string, slot: LoginSlot) => `${role}_${slot}`;

/** The same role's other login. Throws when the name isn't a login's. */
export function otherLogin(name: string): string {
  const slot = name.slice(-1);
  if (!/^[a-z][a-z0-9_]*_[ab]$/.test(name))
    throw new Error(`"${name}" isn't a login: a login's name ends in _a or _b`);
  return name.slice(0, -1) + (slot === "a" ? "b" : "a");
}

/** Content of the application's entry in Secrets Manager: only the logins in use. */
export interface Logins {
  /** Login of the owner. */
  readonly user: string;
  readonly password: string;
  /** Login of the reader. */
  readonly readUser: string;
  readonly readPassword: string;
  /** Login of the monitor. */
  readonly monitorUser: string;
  readonly monitorPassword: string;
}
