import { Client } from "pg";
import { Refused, refusals, type Connect } from "./database";

/** Timeout in milliseconds of connections and statements. */
const patience = 10_000;

/**
 * Sessions with a database over TLS. The server's certificate and its host name are verified against the authorities
 * that the process trusts.
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
    // A connection that breaks between two statements makes the next one fail.
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
