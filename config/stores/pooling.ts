import { z } from "zod";
import type { Parameters } from "./parameters";
import { integer } from "../values";

/**
 * Connections that workloads must leave: 3 for superusers (PostgreSQL's `superuser_reserved_connections`), 2 for
 * `rds_superuser` (RDS' `rds.rds_superuser_reserved_connections`), and 5 of our own for the metrics' exporter (2),
 * bootstrap, migration, rotation and people. Sources: PostgreSQL manual, connection settings; RDS' parameter groups.
 */
export const reservedConnections = 10;

/**
 * Connection pooling between the workloads and the primary. RDS Proxy doesn't support replicas, which workloads connect
 * to directly.
 */
export const pooling = z
  .discriminatedUnion(
    "kind",
    [
      /** No proxy: each pod's pool connects to the database. */
      z.strictObject({ kind: z.literal("none") }),
      /** RDS Proxy, which keeps up to this many connections to the database and shares them. */
      z.strictObject({ kind: z.literal("rds-proxy"), connections: integer(1, 5000, "connections") }),
    ],
    { error: 'an object whose kind is one of "none", "rds-proxy"' },
  )
  .default({ kind: "none" });

export type PoolingSettings = z.infer<typeof pooling>;

/** Newest PostgreSQL major version that RDS Proxy is known to support. */
const newestProxied = 17;

/** Share of `max_connections` in percent, which is RDS Proxy's unit. */
export const proxyPercent = (connections: number, most: number) => (connections / most) * 100;

/** Faults of a database's pooling. */
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
      fault(
        "max_connections in parameters: the proxy's connections are a share of it",
        "pooling",
        "connections",
      ),
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
        `a whole percentage of max_connections (${most}), as RDS Proxy requires`,
        "pooling",
        "connections",
      ),
    );
  if (Number(value.version) > newestProxied)
    faults.push(
      fault(
        `"none" with PostgreSQL ${value.version}: RDS Proxy is known to support ${newestProxied} and older`,
        "pooling",
        "kind",
      ),
    );
  return faults;
}
