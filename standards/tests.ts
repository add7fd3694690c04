import { quantity } from "./quantity";

/** A test of a value: as text, as a function, and as a CEL expression if the API server also checks it. */
export interface Test<T = unknown> {
  /** Type of values that pass; only for the compiler, never set. */
  readonly of?: T;
  /** Follows "must be". */
  words: string;
  holds: (value: unknown) => boolean;
  /** Whether a value known only after `up` passes, since the stack creates it. */
  later?: boolean;
  /** The only value that passes, if there is only one. */
  only?: string | number | boolean;
  /** The test in CEL, for an expression with an optional value. Undefined: no admission policy uses the test. */
  cel?: (optional: string) => string;
}

/** A value as a CEL literal: JSON, except for names. */
const literal = (value: unknown) => JSON.stringify(value);
const nothing = (value: unknown) => value === undefined || value === null;
/** `"a", "b" or "c"`, after other choices in words. `Intl.ListFormat` takes 20 ms to load. */
function listed(allowed: readonly unknown[], ...choices: string[]): string {
  const all = [...choices, ...allowed.map(literal)];
  return [all.slice(0, -1).join(", "), ...all.slice(-1)].filter(Boolean).join(" or ");
}
/** `test` for a present value, `absent` otherwise. */
const there = (optional: string, test: string) => `(${optional}.hasValue() && ${test})`;
const thereOrNot = (optional: string, test: string) => `(!${optional}.hasValue() || ${test})`;

export const is = <const T extends readonly (string | number | boolean)[]>(
  ...allowed: T
): Test<T[number]> => ({
  words: listed(allowed),
  ...(allowed.length === 1 && { only: allowed[0] }),
  holds: (value) => allowed.includes(value as T[number]),
  cel: (optional) => there(optional, `${optional}.value() in ${literal(allowed)}`),
});

/** Unset, or one of these. */
export const unlessSet = (...allowed: (string | number | boolean)[]): Test => ({
  words: listed(allowed, "unset"),
  holds: (value) => nothing(value) || allowed.includes(value as string),
  cel: (optional) => thereOrNot(optional, `${optional}.value() in ${literal(allowed)}`),
});

/** Unset, or a value other than these. */
export const not = (...refused: (string | number | boolean)[]): Test => ({
  words: `a value other than ${listed(refused)}`,
  holds: (value) => !refused.includes(value as string),
  cel: (optional) => thereOrNot(optional, `!(${optional}.value() in ${literal(refused)})`),
});

export const absent: Test = {
  words: "unset",
  holds: nothing,
  cel: (optional) => `!${optional}.hasValue()`,
};

/** Set to a value, or a list or object that isn't empty. */
export const given: Test<NonNullable<unknown>> = {
  words: "set",
  later: true,
  holds: (value) =>
    !nothing(value) && value !== "" && (typeof value !== "object" || Object.keys(value as object).length > 0),
};

export const between = (least: number, most: number): Test<number> => ({
  words: `between ${least} and ${most}`,
  holds: (value) => value !== "" && value !== null && Number(value) >= least && Number(value) <= most,
});

/** A text that matches a pattern; `words` describes it. CEL uses RE2, which has no look-ahead. */
export const like = (pattern: RegExp, words: string): Test<string> => ({
  words,
  holds: (value) => typeof value === "string" && pattern.test(value),
  cel: (optional) => there(optional, `${optional}.value().matches(${literal(pattern.source)})`),
});

/** Unset, or a string that doesn't match. */
export const unlike = (pattern: RegExp, words: string): Test => ({
  words,
  holds: (value) => typeof value !== "string" || !pattern.test(value),
  cel: (optional) => thereOrNot(optional, `!${optional}.value().matches(${literal(pattern.source)})`),
});

/** A list with a matching item. */
export const having = (wanted: (item: unknown) => boolean, words: string): Test => ({
  words,
  holds: (value) => Array.isArray(value) && value.some(wanted),
});

/** A list with this item. */
export const containing = (item: string): Test<readonly string[]> => ({
  words: `a list that contains ${item}`,
  holds: (value) => Array.isArray(value) && value.includes(item),
  cel: (optional) => there(optional, `${literal(item)} in ${optional}.value()`),
});

/** Unset, or a list of only these. */
export const onlyOf = (...allowed: string[]): Test => ({
  words: `unset or a list of only ${listed(allowed)}`,
  holds: (value) =>
    nothing(value) || (Array.isArray(value) && value.every((one) => allowed.includes(one as string))),
  cel: (optional) => thereOrNot(optional, `${optional}.value().all(one, one in ${literal(allowed)})`),
});

/** Unset, or a list without any of these. */
export const noneOf = (...refused: string[]): Test => ({
  words: `a list without ${listed(refused)}`,
  holds: (value) => !Array.isArray(value) || !value.some((one) => refused.includes(one as string)),
  cel: (optional) => thereOrNot(optional, `!${optional}.value().exists(one, one in ${literal(refused)})`),
});

/** An object without other keys. */
export const keysOf = (...allowed: string[]): Test => ({
  words: `an object with only the keys ${allowed.join(", ")}`,
  holds: (value) =>
    Object.entries(value ?? {}).every(([key, inner]) => allowed.includes(key) || nothing(inner)),
  cel: (optional) => thereOrNot(optional, `${optional}.value().all(key, key in ${literal(allowed)})`),
});

/** A Kubernetes quantity above zero and up to a bound that catches mistakes. */
export const quantityUpTo = (most: string): Test => ({
  words: `above 0 and at most ${most}`,
  holds: (value) => {
    const found = quantity(value as string);
    return found !== undefined && found > 0 && found <= (quantity(most) ?? 0);
  },
  cel: (optional) => {
    const found = `string(${optional}.value())`;
    const compared = (other: string) => `quantity(${found}).compareTo(quantity(${literal(other)}))`;
    return there(optional, `isQuantity(${found}) && ${compared("0")} > 0 && ${compared(most)} <= 0`);
  },
});

/** A Kubernetes duration in hours. */
export function hours(text: unknown): number {
  const units: Record<string, number> = { h: 1, m: 1 / 60, s: 1 / 3600, d: 24 };
  const whole = String(text);
  if (!/^(\d+(\.\d+)?[dhms])+$/.test(whole)) return NaN;
  return [...whole.matchAll(/(\d+(?:\.\d+)?)([dhms])/g)].reduce(
    (sum, [, amount, unit = ""]) => sum + Number(amount) * (units[unit] ?? NaN),
    0,
  );
}

export const hoursBetween = (least: number, most: number): Test => ({
  words: `between ${least} and ${most} hours`,
  holds: (value) => hours(value) >= least && hours(value) <= most,
});
