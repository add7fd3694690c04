import type { ResourceValidationPolicy } from "@pulumi/policy";
import { type Control, onTypes } from "./control";
import { quantity } from "./quantity";
import { isLater, isRecord, plain, shown, skipUnknown, valuesAt } from "./wire";

/** What is demanded of a property, and in words. */
export interface Test {
  words: string;
  holds: (value: unknown) => boolean;
  /** True if a value known only after `up` fulfils it: what the stack makes is there. */
  later?: boolean;
}

/** What a row may depend on. */
export interface Whole {
  /** The whole resource, without the SDK's proxies. */
  props: Record<string, unknown>;
  protect: boolean;
}

/**
 * One row of a rule: a path (`[]` for each item of a list, `\.` for a dot in a key), what its value must be, and when.
 */
export type Demand = readonly [path: string, test: Test, when?: (whole: Whole) => boolean];

export const is = (...allowed: (string | number | boolean)[]): Test => ({
  words: allowed.map((one) => JSON.stringify(one)).join(" or "),
  holds: (value) => allowed.includes(value as string),
});

/** Absent, or one of these. */
export const unlessSet = (...allowed: (string | number | boolean)[]): Test => ({
  words: `absent, or ${allowed.map((one) => JSON.stringify(one)).join(" or ")}`,
  holds: (value) => value === undefined || value === null || allowed.includes(value as string),
});

export const absent: Test = { words: "absent", holds: (value) => value === undefined || value === null };

/** Set, to a value, a list or an object that has something in it. */
export const given: Test = {
  words: "set",
  later: true,
  holds: (value) =>
    value !== undefined &&
    value !== null &&
    value !== "" &&
    (typeof value !== "object" || Object.keys(value).length > 0),
};

export const between = (least: number, most: number): Test => ({
  words: `from ${least} to ${most}`,
  holds: (value) => value !== "" && value !== null && Number(value) >= least && Number(value) <= most,
});

/** A text of some form; `words` says of which. */
export const like = (pattern: RegExp, words: string): Test => ({
  words,
  holds: (value) => typeof value === "string" && pattern.test(value),
});

/** A list that has such an item. */
export const having = (wanted: (item: unknown) => boolean, words: string): Test => ({
  words,
  holds: (value) => Array.isArray(value) && value.some(wanted),
});

/** A length of time as Kubernetes writes it, in hours. */
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
  words: `from ${least} to ${most} hours`,
  holds: (value) => hours(value) >= least && hours(value) <= most,
});

/** A Kubernetes quantity above zero and up to a bound that only a slip goes beyond. */
export const quantityUpTo = (most: string): Test => ({
  words: `above 0 and up to ${most}`,
  holds: (value) => {
    const found = quantity(value as string);
    return found !== undefined && found > 0 && found <= (quantity(most) ?? 0);
  },
});

/** "These properties must be X": a rule as rows of data. */
export function must(
  types: readonly string[],
  control: Control,
  demands: readonly Demand[],
): ResourceValidationPolicy {
  return Object.assign(
    onTypes<object>(types, control, (resource, { args, report }) => {
      const props = plain(resource);
      if (!isRecord(props)) return;
      const whole = { props, protect: args.opts.protect };
      let unknown: string | undefined;
      for (const [path, { words, holds, later = false }, when] of demands) {
        if (when !== undefined && !when(whole)) continue;
        for (const found of valuesAt(props, path)) {
          if (isLater(found.value)) {
            if (!later) unknown ??= found.path;
          } else if (!holds(found.value))
            report(`${found.path} is ${brief(found.value)}; it must be ${words}.`);
        }
      }
      if (unknown !== undefined) skipUnknown(unknown);
    }),
    { reads: { types, paths: [...new Set(demands.map(([path]) => path))] } },
  );
}

const brief = (value: unknown): string =>
  typeof value === "object" && value !== null
    ? Array.isArray(value)
      ? "another list"
      : "another"
    : shown(value);
