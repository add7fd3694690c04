const factors: Record<string, number> = { m: 0.001, "": 1, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/**
 * Value of a Kubernetes quantity: cores for CPU (`250m` is 0.25), bytes for memory (`1Gi` is 2^30).
 *
 * Throws a `RangeError` on other notations; the schema lets none through.
 */
export function amount(quantity: string): number {
  const [, digits, unit = ""] = /^([\d.]+)([a-zA-Z]*)$/.exec(quantity) ?? [];
  const factor = factors[unit];
  if (digits === undefined || factor === undefined)
    throw new RangeError(`not a Kubernetes quantity: ${quantity}`);
  return Number(digits) * factor;
}
