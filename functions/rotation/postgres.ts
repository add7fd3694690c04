import { Client } from "pg";
import { Refused, refusals, type Connect } from "./database";

/** Milliseconds until a server that doesn't answer, and a statement that doesn't end, are given up. */
const patience = 10_000;

/**
 * Sessions with a database over TLS. The server's certificate is verified, its name included, against the
 * authorities that the process trusts.
 */
export const postgres =
  (database: string, port: number): Connect =>
  async (login) => {
    const client = new Client({
      ...login,
      database,
      port,
      ssl: { rejectUnauthorized: true },
      connectionTimeoutMillis: patience,
      statement_timeout: patience,
    });
    // A connection that breaks between two statements shows with the next one.
    client.on("error", () => undefined);
    try {
      await client.connect();
    } catch (error) {
      await client.end().catch(() => undefined);
      const { code } = error as { code?: string };
      if (refusals.includes(code ?? "")) throw new Refused(`${login.user} at ${login.host}`);
      throw error;
    }
    return {
      query: async (text) => (await client.query(text)).rows,
      close: () => client.end(),
    };
  };
