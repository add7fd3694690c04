import { UnknownValueError } from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";

/** What arrives for an SDK argument type: plain values, any of which may be missing, whatever the type says. */
export type Wire<T> = Sparse<Unwrap<T>>;

type Sparse<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer E)[]
    ? Sparse<E>[]
    : T extends object
      ? { [K in keyof T]?: Sparse<T[K]> }
      : T;

/**
 * Runs `check`, and gives `fallback` where it touched a value that a preview can't know. The SDK signals such a
 * value by throwing, which would skip the rest of the rule.
 */
export function ifUnknown<T>(fallback: T, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof UnknownValueError) return fallback;
    throw error;
  }
}

/** True if `key` of `holder` is set, be it to a value known only after `up`. Empty text and null are not set. */
export function isGiven<T extends object>(holder: T | undefined, key: keyof T): boolean {
  if (holder === undefined) return false;
  return ifUnknown(true, () => holder[key] !== undefined && holder[key] !== null && holder[key] !== "");
}

/**
 * Visits every item. One that touches an unknown value does not keep the others from being checked: the first such
 * signal is passed on at the end, so that the SDK still tells the user that the rule was not run in full.
 */
export function each<T>(list: readonly T[] | undefined, visit: (item: T, index: number) => void): void {
  let unknown: UnknownValueError | undefined;
  for (let index = 0; index < (list?.length ?? 0); index++) {
    try {
      visit(list?.[index] as T, index);
    } catch (error) {
      if (!(error instanceof UnknownValueError)) throw error;
      unknown ??= error;
    }
  }
  if (unknown) throw unknown;
}

/** What `map` makes of each item, without those for which it needs a value that a preview can't know. */
export function mapKnown<T, U>(list: readonly T[], map: (item: T) => U): U[] {
  return list.flatMap((item) => ifUnknown([], () => [map(item)]));
}

/** A value as a message may show it: text quoted, nothing as `nothing`. Never use it for what may be secret. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  return JSON.stringify(value);
}
