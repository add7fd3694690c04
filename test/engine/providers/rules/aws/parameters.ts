import { refuse, type Failure } from "../../rule";
import { isObject, UNKNOWN, type Values } from "../../wire";

/**
 * Parameters that PostgreSQL only applies at startup (context `postmaster`), of those that RDS allows to change.
 * Source: PostgreSQL manual, server configuration.
 */
const atStart: readonly string[] = [
  "autovacuum_freeze_max_age",
  "autovacuum_max_workers",
  "huge_pages",
  "max_connections",
  "max_files_per_process",
  "max_locks_per_transaction",
  "max_pred_locks_per_transaction",
  "max_prepared_transactions",
  "max_replication_slots",
  "max_wal_senders",
  "max_worker_processes",
  "pg_stat_statements.max",
  "rds.logical_replication",
  "shared_buffers",
  "shared_preload_libraries",
  "track_activity_query_size",
  "track_commit_timestamp",
  "wal_buffers",
];

/** Default values of parameters. Source: PostgreSQL manual, and for `rds.` the Amazon RDS user guide. */
const defaults: Readonly<Record<string, string>> = {
  checkpoint_completion_target: "0.9",
  checkpoint_timeout: "300",
  default_statistics_target: "100",
  lock_timeout: "0",
  log_lock_waits: "0",
  log_min_duration_statement: "-1",
  log_temp_files: "-1",
  max_locks_per_transaction: "64",
  random_page_cost: "4",
  statement_timeout: "0",
  temp_buffers: "1024",
  work_mem: "4096",
};

/** Major versions with other defaults. */
const defaultsOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  postgres14: { "rds.force_ssl": "0" },
  postgres18: { log_lock_waits: "1" },
};

/** When RDS applies a parameter. */
const methods = ["immediate", "pending-reboot"];

interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly applyMethod: string;
}

const parametersOf = ({ parameters }: Values): Parameter[] =>
  (Array.isArray(parameters) ? (parameters as unknown[]) : [])
    .filter(isObject)
    .map(({ name, value, applyMethod = "immediate" }) => ({
      name: String(name),
      value: String(value),
      applyMethod: String(applyMethod),
    }));

/** RDS refuses to apply static parameters immediately, and duplicate parameters. */
export function parametersRight(values: Values): Failure[] {
  const given = parametersOf(values);
  return given.flatMap(({ name, applyMethod }, i) => {
    const path = `parameters[${i}]`;
    const failures: Failure[] = [];
    if (applyMethod !== UNKNOWN && !methods.includes(applyMethod))
      failures.push(refuse(`${path}.applyMethod`, `"${applyMethod}" isn't one of ${methods.join(", ")}`));
    if (applyMethod === "immediate" && atStart.includes(name))
      failures.push(
        refuse(`${path}.applyMethod`, `cannot use immediate apply method for static parameter ${name}`),
      );
    if (given.findIndex((other) => other.name === name) < i)
      failures.push(refuse(`${path}.name`, `${name} is given twice`));
    return failures;
  });
}

/** RDS doesn't keep parameters that are set to their defaults, if they apply immediately. */
export function withoutDefaults(values: Values): Values {
  const family = String(values["family"]);
  const own = { ...defaults, "rds.force_ssl": "1", ...defaultsOf[family] };
  const byName: Readonly<Record<string, string>> = own;
  const kept = parametersOf(values).filter(
    ({ name, value, applyMethod }) => applyMethod === "pending-reboot" || byName[name] !== value,
  );
  return { ...values, parameters: kept };
}
