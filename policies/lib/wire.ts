import { UnknownValueError } from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";
import { partsOf } from "../../standards/demands";

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

/** What the engine sends in a preview for a value known only after `up`, by the value's type. */
const laterValues = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** True for a value known only after `up`, as {@link plain} shows it. */
export const isLater = (value: unknown): boolean => typeof value === "string" && laterValues.has(value);

/** Ends the check of a rule as the SDK does where it meets a value known only after `up`: with advice, no verdict. */
export function skipUnknown(path: string): never {
  throw new UnknownValueError("04da6b54-80e4-46f7-96ec-b56ff0331ba9", path.split("."));
}

/**
 * The value itself, without the SDK's proxy around it, which throws where it meets a value that isn't known yet. Here
 * such a value is one of those that {@link isLater} knows. Walking a whole resource is ten times as fast.
 */
export function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const proxied = value as { __isSpecialProxy?: boolean; __getSpecialProxyTarget?: unknown };
  return proxied.__isSpecialProxy === true ? proxied.__getSpecialProxyTarget : value;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Visits every text in a value that {@link plain} gave, with the path to it, such as `spec.containers[0].image`. */
export function eachText(value: unknown, visit: (text: string, path: string) => void, path = ""): void {
  if (typeof value === "string") visit(value, path);
  else if (Array.isArray(value)) value.forEach((item, index) => eachText(item, visit, `${path}[${index}]`));
  else if (isRecord(value))
    for (const key of Object.keys(value)) eachText(value[key], visit, path === "" ? key : `${path}.${key}`);
}

/** The values at a path such as `spec.rules[].host`, each with its own path. `[]` stands for each item of a list. */
export function valuesAt(value: unknown, path: string): Found[] {
  let found: Found[] = [{ value, path: "" }];
  for (const { key, list } of partsOf(path)) {
    const next: Found[] = [];
    for (const one of found) {
      const inner = isLater(one.value)
        ? one.value
        : isRecord(one.value) && Object.hasOwn(one.value, key)
          ? one.value[key]
          : undefined;
      const at = one.path === "" ? key : `${one.path}.${key}`;
      if (!list || isLater(inner)) next.push({ value: inner, path: at });
      else if (Array.isArray(inner))
        for (let index = 0; index < inner.length; index++)
          next.push({ value: inner[index] as unknown, path: `${at}[${index}]` });
    }
    found = next;
  }
  return found;
}

interface Found {
  value: unknown;
  path: string;
}
