import { parameterTable, type ParameterName, type Parameters } from "../../config";

/** A parameter as RDS takes it. */
export interface RdsParameter {
  readonly name: string;
  readonly value: string;
  readonly applyMethod: "immediate" | "pending-reboot";
}

/**
 * How RDS takes a parameter on. `static`: at the next restart. `dynamic`: at once. `default`: the value is also what
 * AWS sets by itself in some version; written as `immediate` it would show as a difference forever, since AWS
 * refuses to change nothing but the way of applying.
 */
type Change = "static" | "dynamic" | "default";

interface Setting {
  readonly value: string;
  readonly change: Change;
}

/** What every PostgreSQL instance runs with, whatever its size. Names and units are RDS's. */
const settings = {
  /** Connections without TLS are refused. AWS's default from PostgreSQL 15 on. */
  "rds.force_ssl": { value: "1", change: "default" },
  /** Statements that take longer are logged. Milliseconds. */
  log_min_duration_statement: { value: "1000", change: "dynamic" },
  /** Sessions that wait for a lock for over a second (`deadlock_timeout`) are logged. */
  log_lock_waits: { value: "1", change: "dynamic" },
  /**
   * A replica reports its oldest transaction to the primary, which then keeps the rows that it reads: without it, the
   * primary's vacuum cancels the nightly dump on the replica. No effect on an instance that is no replica.
   */
  hot_standby_feedback: { value: "1", change: "dynamic" },
  /** Temporary files from this size on are logged: sorts that `work_mem` didn't hold. Kilobytes. */
  log_temp_files: { value: "10240", change: "dynamic" },
  /** The audit's library, and the statistics' one, which RDS loads by itself and would drop from a list without it. */
  shared_preload_libraries: { value: "pgaudit,pg_stat_statements", change: "static" },
  /**
   * Changes of the schema, of roles and of rights are written to the log. In place of `log_statement: ddl`, which
   * writes passwords out; pgaudit hides them.
   */
  "pgaudit.log": { value: "ddl,role", change: "dynamic" },
  /** Whatever this role is granted is audited besides, table by table. RDS allows this name only. */
  "pgaudit.role": { value: "rds_pgaudit", change: "dynamic" },
} as const satisfies Readonly<Record<string, Setting>>;

const applyMethods = {
  static: "pending-reboot",
  dynamic: "immediate",
  default: "pending-reboot",
} as const satisfies Record<Change, string>;

/** Parameter family of a PostgreSQL major version. */
export const parameterFamily = (version: string) => `postgres${version}`;

function changeOf(name: ParameterName, value: string): Change {
  const parameter = parameterTable[name];
  return Number(value) === parameter.default ? "default" : parameter.change;
}

/** Parameters of a database's own group: what all have, and what its stack file sets. */
export function parameters(set: Parameters): RdsParameter[] {
  const own = Object.entries(set).map(([name, value]): [string, Setting] => [
    name,
    { value, change: changeOf(name as ParameterName, value) },
  ]);
  return [...Object.entries<Setting>(settings), ...own].map(([name, { value, change }]) => ({
    name,
    value,
    applyMethod: applyMethods[change],
  }));
}
