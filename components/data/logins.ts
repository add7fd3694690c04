/**
 * The names of a database's roles. What the workloads make belongs to the owner, whichever of its two logins they use,
 * so a rotation changes from one to the other without anything changing hands.
 */

/** The two logins of a role: one is in use, the other has its password changed. */
export const loginSlots = ["a", "b"] as const;
export type LoginSlot = (typeof loginSlots)[number];

/** User that RDS makes with the instance: it administers, and no workload has its password. */
export const masterUser = "plinth";

/** Role that may read everything the owner makes. */
export const readerOf = (owner: string) => `${owner}_read`;

/** Name of a role's login. */
export const login = (role: string, slot: LoginSlot) => `${role}_${slot}`;

/** The same role's other login. Throws when the name is no login's. */
export function otherLogin(name: string): string {
  const slot = name.slice(-1);
  if (!/^[a-z][a-z0-9_]*_[ab]$/.test(name)) throw new Error(`"${name}" is no login: it ends in _a or _b`);
  return name.slice(0, -1) + (slot === "a" ? "b" : "a");
}

/** What the application's entry in Secrets Manager holds: the logins in use, and nothing else. */
export interface Logins {
  /** Login of the owner. */
  readonly user: string;
  readonly password: string;
  /** Login of the reader. */
  readonly readUser: string;
  readonly readPassword: string;
}
