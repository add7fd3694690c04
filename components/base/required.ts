/**
 * A value that the configuration's schema or the wiring guarantees. Throws when it is missing, which is a bug in
 * Plinth.
 */
export function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is missing from a valid configuration: a bug in Plinth`);
  return value;
}
