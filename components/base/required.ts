/**
 * A value that the configuration's schema or the wiring guarantees. Throws where it is missing: that is a fault of
 * Plinth.
 */
export function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is missing, though the configuration was accepted`);
  return value;
}
