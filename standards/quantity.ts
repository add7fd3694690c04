const factors: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * A Kubernetes quantity (`250m`, `1.5Gi`, `1e3`, `2`) as a number: cores, or bytes. Undefined if it is invalid. The
 * suffixes are those of the API's `resource.Quantity`.
 */
export function quantity(text: string | number | undefined): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/.exec(String(text ?? ""));
  if (!match) return undefined;
  const [, digits, suffix = ""] = match;
  if (/^[eE][+-]?\d/.test(suffix)) return Number(`${digits}${suffix}`);
  return Number(digits) * (factors[suffix] ?? NaN);
}
