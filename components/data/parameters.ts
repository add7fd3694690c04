import { parameterTable, type ParameterName, type Parameters } from "../../config";

/** A parameter in RDS' form. */
export interface RdsParameter {
  readonly name: string;
  readonly value: string;
  readonly applyMethod: "immediate" | "pending-reboot";
}

/**
 * When RDS applies a parameter. `static`: at the next restart. `dynamic`: at once. `default`: the value equals AWS'
 * default in some version. As `immediate` it would show as a permanent diff, since AWS refuses to change only the apply
 * method.
 */
type Change = "static" | "dynamic" | "default";

interface Setting {
  readonly value: string;
  readonly change: Change;
}

/** Parameters of every PostgreSQL instance, regardless of size. Names and units are RDS's. */
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
  /** Temporary files of at least this size are logged, such as sorts that exceed `work_mem`. Kilobytes. */
  log_temp_files: { value: "10240", change: "dynamic" },
  /** pgaudit, and pg_stat_statements, which RDS loads by default but not if this list omits it. */
  shared_preload_libraries: { value: "pgaudit,pg_stat_statements", change: "static" },
  /**
   * Changes to schemas, roles and privileges are logged. `log_statement: ddl` would log passwords; pgaudit redacts
   * them.
   */
  "pgaudit.log": { value: "ddl,role", change: "dynamic" },
  /** Also audits access to the tables granted to this role. RDS allows only this name. */
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

/** Parameters of a database's parameter group: the common ones and those in the stack file. */
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
