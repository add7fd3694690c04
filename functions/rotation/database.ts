/** A session with PostgreSQL: the part of the client that rotation needs. */
export interface Database {
  /** Runs one statement and returns the rows by column. */
  query(text: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

/** User, password and server of a login. */
export interface Login {
  readonly host: string;
  readonly user: string;
  readonly password: string;
}

/** Opens a session; throws `Refused` when the server rejects the login, another error when it can't be reached. */
export type Connect = (login: Login) => Promise<Database>;

/** The server was reached, but rejected the user or the password. */
export class Refused extends Error {}

/** Error codes of rejected logins. Source: PostgreSQL, appendix A, class 28. */
export const refusals: readonly string[] = ["28000", "28P01"];

/** Runs `work` in a session that is always closed. */
export async function inSession<T>(
  connect: Connect,
  login: Login,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await connect(login);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** A role's name as an SQL identifier. Throws when it isn't a valid role name. */
export function identifier(name: string): string {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new Error("not the name of a role");
  return `"${name}"`;
}

/** A verifier as an SQL literal. Throws when it isn't a SCRAM verifier. */
export function literal(verifier: string): string {
  if (!/^SCRAM-SHA-256\$\d+:[\w+/=]+\$[\w+/=]+:[\w+/=]+$/.test(verifier))
    throw new Error("not a SCRAM verifier");
  return `'${verifier}'`;
}
