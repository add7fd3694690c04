import type { Driver } from "../../systems/spec";
import { trustPath } from "../base/store";
import { enginePorts } from "../base/ports";

/**
 * The authority that signs a server's certificate: RDS has its own, RDS Proxy has certificates of Amazon's public one.
 */
export type Authority = "rds" | "amazon";

/**
 * The parameters with which a driver verifies the server's certificate and its name.
 *
 * - libpq (psycopg) and node-postgres: `sslmode=verify-full` and all authorities in one file.
 * - asyncpg takes libpq's words in the connection string from 0.25 on. Source: its API reference, `connect`.
 * - Prisma's own engine (Prisma up to 6, and the command line of 7) doesn't know `verify-full`: `sslaccept=strict`
 *   means it, and `sslcert` is the authority's certificate, of which it reads the first in the file. Source: Prisma,
 *   PostgreSQL connector.
 */
const verification: Readonly<Record<Driver, (authority: Authority) => string>> = {
  libpq: () => `sslmode=verify-full&sslrootcert=${trustPath}/bundle.pem`,
  pg: () => `sslmode=verify-full&sslrootcert=${trustPath}/bundle.pem`,
  asyncpg: () => `sslmode=verify-full&sslrootcert=${trustPath}/bundle.pem`,
  prisma: (authority) => `sslmode=require&sslaccept=strict&sslcert=${trustPath}/${authority}.pem`,
};

/**
 * How a driver gets the number of connections that a pod may open. Prisma's engine reads it in the URL; the others have
 * a pool that the application makes, and get the number as `DB_POOL_SIZE`: neither node-postgres' Pool nor psycopg's
 * nor asyncpg's reads it in a URL, and libpq refuses words that it doesn't know.
 */
const limit = (driver: Driver, pool: number | undefined) =>
  driver === "prisma" && pool !== undefined ? `&connection_limit=${pool}` : "";

/** A connection string. Names and passwords are letters, digits and `_`: nothing needs escaping. */
export function databaseUrl(args: {
  readonly driver: Driver;
  readonly authority: Authority;
  readonly user: string;
  readonly password: string;
  readonly host: string;
  readonly database: string;
  /** Connections that a pod may open. Default: as many as the driver does by itself. */
  readonly pool?: number | undefined;
}): string {
  const { driver, authority, user, password, host, database, pool } = args;
  const words = verification[driver](authority) + limit(driver, pool);
  return `postgresql://${user}:${password}@${host}:${enginePorts.postgres}/${database}?${words}`;
}

/** URL of a cache; `rediss` is Redis' protocol over TLS. */
export const cacheUrl = (access: { user: string; password: string; host: string }) =>
  `rediss://${access.user}:${access.password}@${access.host}:${enginePorts.cache}`;
