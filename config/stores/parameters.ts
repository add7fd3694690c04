import { z } from "zod";

/** RDS' unit of a parameter: pages of 8 kB, kB, MB, ms, s; or none. */
type Unit = "8kB" | "kB" | "MB" | "ms" | "s" | "none";

interface Parameter {
  readonly unit: Unit;
  /** `static`: applied by a restart. `dynamic`: at once. */
  readonly change: "static" | "dynamic";
  /** Limits of the engine, in the unit, both inclusive. */
  readonly min: number;
  readonly max: number;
  /** Takes fractions. */
  readonly real?: true;
  /** Default in the unit, if it is a constant. */
  readonly default?: number;
}

const most = 2 ** 31 - 1;

/**
 * The parameters that a stack file may set. Those of every database are in `components/data/parameters.ts`.
 *
 * Units, limits, defaults and the need for a restart (context `postmaster`) are PostgreSQL's, from `postgres
 * --describe-config`; RDS uses the same units, without writing them. The limits of `max_connections` are RDS', which
 * are narrower.
 */
const table = {
  shared_buffers: { unit: "8kB", change: "static", min: 16, max: 2 ** 30 - 1 },
  effective_cache_size: { unit: "8kB", change: "dynamic", min: 1, max: most },
  wal_buffers: { unit: "8kB", change: "static", min: 4, max: 262_143 },
  temp_buffers: { unit: "8kB", change: "dynamic", min: 100, max: 2 ** 30 - 1, default: 1024 },
  work_mem: { unit: "kB", change: "dynamic", min: 64, max: most, default: 4096 },
  maintenance_work_mem: { unit: "kB", change: "dynamic", min: 1024, max: most },
  max_wal_size: { unit: "MB", change: "dynamic", min: 128, max: most },
  min_wal_size: { unit: "MB", change: "dynamic", min: 128, max: most },
  checkpoint_timeout: { unit: "s", change: "dynamic", min: 30, max: 86_400, default: 300 },
  checkpoint_completion_target: {
    unit: "none",
    change: "dynamic",
    min: 0,
    max: 1,
    real: true,
    default: 0.9,
  },
  statement_timeout: { unit: "ms", change: "dynamic", min: 0, max: most, default: 0 },
  lock_timeout: { unit: "ms", change: "dynamic", min: 0, max: most, default: 0 },
  idle_in_transaction_session_timeout: { unit: "ms", change: "dynamic", min: 0, max: most },
  max_connections: { unit: "none", change: "static", min: 6, max: 262_143 },
  default_statistics_target: { unit: "none", change: "dynamic", min: 1, max: 10_000, default: 100 },
  random_page_cost: { unit: "none", change: "dynamic", min: 0, max: 1000, real: true, default: 4 },
  effective_io_concurrency: { unit: "none", change: "dynamic", min: 0, max: 1000 },
  autovacuum_max_workers: { unit: "none", change: "static", min: 1, max: 262_143 },
  autovacuum_vacuum_scale_factor: { unit: "none", change: "dynamic", min: 0, max: 100, real: true },
  autovacuum_analyze_scale_factor: { unit: "none", change: "dynamic", min: 0, max: 100, real: true },
  max_worker_processes: { unit: "none", change: "static", min: 0, max: 262_143 },
  max_parallel_workers: { unit: "none", change: "dynamic", min: 0, max: 1024 },
  max_parallel_workers_per_gather: { unit: "none", change: "dynamic", min: 0, max: 1024 },
  max_locks_per_transaction: { unit: "none", change: "static", min: 10, max: most, default: 64 },
} as const satisfies Readonly<Record<string, Parameter>>;

export type ParameterName = keyof typeof table;

/** Every parameter that a stack file may set, by name. */
export const parameterTable: Readonly<Record<ParameterName, Parameter>> = table;

/** Parameters in RDS' units, as text. */
export type Parameters = Readonly<Partial<Record<ParameterName, string>>>;

const memory = { kB: 1, MB: 2 ** 10, GB: 2 ** 20, TB: 2 ** 30 } as const;
const time = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 } as const;

/** Notations for each unit, in kB or ms; the unit's size in those; and an example. */
const notations: Readonly<
  Record<
    Unit,
    { readonly scales: Readonly<Record<string, number>>; readonly one: number; readonly as: string }
  >
> = {
  "8kB": { scales: memory, one: 8, as: "such as 512MB or 4GB (kB, MB, GB or TB)" },
  kB: { scales: memory, one: 1, as: "such as 64MB or 1GB (kB, MB, GB or TB)" },
  MB: { scales: memory, one: 2 ** 10, as: "such as 512MB or 4GB (kB, MB, GB or TB)" },
  ms: { scales: time, one: 1, as: "such as 500ms or 30s (ms, s, min or h)" },
  s: { scales: time, one: 1000, as: "such as 30s or 5min (ms, s, min or h)" },
  none: { scales: { "": 1 }, one: 1, as: "a number without a unit" },
};

const known = (name: string): name is ParameterName => Object.hasOwn(table, name);

/** The parameter's value in RDS' unit, or text that says what is allowed. */
function inUnit(name: ParameterName, written: string | number): number | string {
  const { unit, min, max, real = false } = parameterTable[name];
  const { scales, one, as } = notations[unit];
  const [, digits = "", suffix = ""] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(String(written)) ?? [];
  const off = Number(digits) === 0 && suffix === "" && min === 0;
  const scale = off ? 1 : scales[suffix];
  if (digits === "" || scale === undefined) return as;
  const value = (Number(digits) * scale) / one;
  if (!real && !Number.isInteger(value)) return `a whole number${unit === "none" ? "" : ` of ${unit}`}`;
  if (value < min || value > max)
    return `${min} to ${max}${unit === "none" ? "" : ` in units of ${unit} (this is ${value})`}`;
  return value;
}

/** `parameters` of a database with units, such as `shared_buffers: 4GB`, converted to RDS' units. */
export const parameters = z
  .record(
    z.string(),
    z.union([z.string(), z.number()], { error: 'a number, or an amount with its unit such as "4GB"' }),
    { error: "an object of PostgreSQL parameters by name" },
  )
  .transform((values, context): Parameters => {
    const converted: Partial<Record<ParameterName, string>> = {};
    for (const [name, written] of Object.entries(values)) {
      const value = known(name)
        ? inUnit(name, written)
        : `one of the parameters that may be set: ${Object.keys(table).join(", ")}`;
      if (typeof value === "string") context.addIssue({ code: "custom", path: [name], message: value });
      else converted[name as ParameterName] = String(value);
    }
    return converted;
  });
