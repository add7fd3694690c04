export type Values = Record<string, unknown>;

/** The value as an object, or an empty one. */
export const fields = (value: unknown): Values =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Values) : {};

/** The workloads of every system, with their paths in the file. */
export const rawWorkloads = (project: string, raw: Values): { path: string; workload: Values }[] =>
  Object.entries(fields(raw.systems)).flatMap(([system, value]) =>
    Object.entries(fields(fields(value).workloads)).map(([key, workload]) => ({
      path: `${project}:systems.${system}.workloads.${key}`,
      workload: fields(workload),
    })),
  );
