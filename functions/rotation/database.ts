/** A session with PostgreSQL: as little of a client library as rotation needs. */
export interface Database {
  /** Runs one statement; the rows by column. */
  query(text: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

/** Whom to log in as, and where. */
export interface Login {
  readonly host: string;
  readonly user: string;
  readonly password: string;
}

/** Opens a session; throws `Refused` when the server doesn't accept the login, any other error when it isn't there. */
export type Connect = (login: Login) => Promise<Database>;

/** The server is there, and doesn't know the user or takes another password. */
export class Refused extends Error {}

/** Error codes of a login that isn't accepted. Source: PostgreSQL, appendix A, class 28. */
export const refusals: readonly string[] = ["28000", "28P01"];

/** Runs `work` in a session that is closed whatever happens. */
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

/** A role's name as SQL writes it. Throws when it isn't one of ours. */
export function identifier(name: string): string {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new Error("not the name of a role");
  return `"${name}"`;
}

/** What stands for a password as SQL writes it. Throws when it isn't a SCRAM verifier. */
export function literal(verifier: string): string {
  if (!/^SCRAM-SHA-256\$\d+:[\w+/=]+\$[\w+/=]+:[\w+/=]+$/.test(verifier))
    throw new Error("not a SCRAM verifier");
  return `'${verifier}'`;
}
