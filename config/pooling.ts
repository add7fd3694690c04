import { z } from "zod";
import type { Parameters } from "./parameters";
import { integer } from "./values";

/**
 * Connections that workloads must leave: 3 for superusers (PostgreSQL's `superuser_reserved_connections`), 2 for
 * `rds_superuser` (RDS' `rds.rds_superuser_reserved_connections`), and 5 of our own for bootstrap, migration, rotation
 * and people. Sources: PostgreSQL manual, connection settings; RDS' parameter groups.
 */
export const reservedConnections = 10;

/** What stands between the workloads and the primary. Replicas are reached directly: RDS Proxy serves none. */
export const pooling = z
  .discriminatedUnion(
    "kind",
    [
      /** Nothing: each pod's pool is made of connections to the database. */
      z.strictObject({ kind: z.literal("none") }),
      /** RDS Proxy, which keeps up to this many connections to the database and shares them. */
      z.strictObject({ kind: z.literal("rds-proxy"), connections: integer(1, 5000, "connections") }),
    ],
    { error: 'an object whose kind is one of "none", "rds-proxy"' },
  )
  .default({ kind: "none" });

export type PoolingSettings = z.infer<typeof pooling>;

/** Newest PostgreSQL major that RDS Proxy is known to serve. */
const newestProxied = 17;

/** Share of `max_connections` in percent, which is how RDS Proxy is told. */
export const proxyPercent = (connections: number, most: number) => (connections / most) * 100;

/** What is wrong with a database's pooling. */
export function poolingFaults(value: {
  readonly version: string;
  readonly pooling: PoolingSettings;
  readonly parameters: Parameters;
}): { path: string[]; message: string }[] {
  if (value.pooling.kind === "none") return [];
  const { connections } = value.pooling;
  const fault = (message: string, ...path: string[]) => ({ path, message });
  const set = value.parameters.max_connections;
  if (set === undefined)
    return [
      fault("max_connections in parameters: the proxy is given a share of it", "pooling", "connections"),
    ];
  const [most, faults] = [Number(set), []] as [number, ReturnType<typeof fault>[]];
  const left = most - reservedConnections;
  if (connections > left)
    faults.push(
      fault(
        `at most max_connections ${most} - ${reservedConnections} reserved = ${left}`,
        "pooling",
        "connections",
      ),
    );
  if (!Number.isInteger(proxyPercent(connections, most)))
    faults.push(
      fault(
        `a whole percentage of max_connections (${most}), as RDS Proxy takes it`,
        "pooling",
        "connections",
      ),
    );
  if (Number(value.version) > newestProxied)
    faults.push(
      fault(
        `"none" with PostgreSQL ${value.version}: RDS Proxy is known to serve ${newestProxied} and older`,
        "pooling",
        "kind",
      ),
    );
  return faults;
}
