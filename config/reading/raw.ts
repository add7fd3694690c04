export type Values = Record<string, unknown>;

/** The value as an object, or an empty one. */
export const fields = (value: unknown): Values =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Values) : {};
