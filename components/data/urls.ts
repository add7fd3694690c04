import type { Driver } from "../../systems/spec";
import { trustPath } from "../base/store";
import { enginePorts } from "../base/ports";

/** The certificate authority of a server: RDS' own, or Amazon's public one for RDS Proxy. */
export type Authority = "rds" | "amazon";

/**
 * The parameters with which a driver verifies the server's certificate and its name.
 *
 * - libpq (psycopg) and node-postgres: `sslmode=verify-full` and all authorities in one file.
 * - asyncpg supports libpq's parameters in the connection string from 0.25 on. Source: its API reference, `connect`.
 * - Prisma's own engine (Prisma up to 6, and the command line of 7) doesn't know `verify-full`: `sslaccept=strict` is
 *   its equivalent, and `sslcert` is the authority's certificate, of which it reads only the first in the file. Source:
 *   Prisma, PostgreSQL connector.
 */
const verification: Readonly<Record<Driver, (authority: Authority) => string>> = {
  libpq: () => `sslmode=verify-full&sslrootcert=${trustPath}/bundle.pem`,
  pg: () => `sslmode=verify-full&sslrootcert=${trustPath}/bundle.pem`,
  asyncpg: () => `sslmode=verify-full&sslrootcert=${trustPath}/bundle.pem`,
  prisma: (authority) => `sslmode=require&sslaccept=strict&sslcert=${trustPath}/${authority}.pem`,
};

/**
 * How a driver gets the number of connections that a pod may open. Prisma's engine reads it in the URL; with the others
 * the application creates the pool, and gets the number as `DB_POOL_SIZE`: the pools of node-postgres, psycopg and
 * asyncpg don't read it from a URL, and libpq refuses unknown parameters.
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
  /** Connections that a pod may open. Default: the driver's default. */
  readonly pool?: number | undefined;
}): string {
  const { driver, authority, user, password, host, database, pool } = args;
  const words = verification[driver](authority) + limit(driver, pool);
  return `postgresql://${user}:${password}@${host}:${enginePorts.postgres}/${database}?${words}`;
}

/** URL of a cache; `rediss` is Redis' protocol over TLS. */
export const cacheUrl = (access: { user: string; password: string; host: string }) =>
  `rediss://${access.user}:${access.password}@${access.host}:${enginePorts.cache}`;
