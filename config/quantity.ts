const factors: Record<string, number> = { m: 0.001, "": 1, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/**
 * Value of a Kubernetes quantity: cores for CPU (`250m` is 0.25), bytes for memory (`1Gi` is 2^30). `NaN` for any other
 * notation, which the schema refuses.
 */
export function amount(quantity: string): number {
  const [, digits, unit = ""] = /^([\d.]+)([a-zA-Z]*)$/.exec(quantity) ?? [];
  return Number(digits) * (factors[unit] ?? NaN);
}
