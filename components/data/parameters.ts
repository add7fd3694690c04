import type * as aws from "@pulumi/aws";

type Parameter = aws.types.input.rds.ParameterGroupParameter;

/**
 * How RDS takes a parameter on. `static`: at the next restart. `dynamic`: at once. `default`: the value is also what
 * AWS sets by itself in some version; written as `immediate` it would show as a difference for ever, since AWS
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
  /** Changes of the schema are logged. */
  log_statement: { value: "ddl", change: "dynamic" },
  /** Sessions that wait for a lock for over a second (`deadlock_timeout`) are logged. */
  log_lock_waits: { value: "1", change: "dynamic" },
  /** Temporary files from this size on are logged: sorts that `work_mem` didn't hold. Kilobytes. */
  log_temp_files: { value: "10240", change: "dynamic" },
} as const satisfies Readonly<Record<string, Setting>>;

const applyMethods = {
  static: "pending-reboot",
  dynamic: "immediate",
  default: "pending-reboot",
} as const satisfies Record<Change, string>;

/** Parameter family of a PostgreSQL major version. */
export const parameterFamily = (version: string) => `postgres${version}`;

/** Parameters of a custom parameter group. */
export const parameters: readonly (Parameter & { readonly name: string; readonly applyMethod: string })[] =
  Object.entries(settings).map(([name, { value, change }]) => ({
    name,
    value,
    applyMethod: applyMethods[change],
  }));
