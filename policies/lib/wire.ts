import { UnknownValueError } from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";
import { partsOf } from "../../standards/demands";

/** Values received for an SDK argument type: plain, and any may be missing despite the type. */
export type Wire<T> = Sparse<Unwrap<T>>;

type Sparse<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer E)[]
    ? Sparse<E>[]
    : T extends object
      ? { [K in keyof T]?: Sparse<T[K]> }
      : T;

/**
 * Runs `check`, or returns `fallback` if it reads a value that is unknown in a preview. The SDK throws for such a
 * value, which would skip the rest of the policy.
 */
export function ifUnknown<T>(fallback: T, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof UnknownValueError) return fallback;
    throw error;
  }
}

/** True if `key` of `holder` is set, even to a value known only after `up`. Empty text and null count as not set. */
export function isGiven<T extends object>(holder: T | undefined, key: keyof T): boolean {
  if (holder === undefined) return false;
  return ifUnknown(true, () => holder[key] !== undefined && holder[key] !== null && holder[key] !== "");
}

/**
 * Visits every item, even after one with an unknown value: the first such error is thrown at the end, so the SDK still
 * reports that the policy was not fully evaluated.
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

/** Maps each item, without those that need a value that is unknown in a preview. */
export function mapKnown<T, U>(list: readonly T[], map: (item: T) => U): U[] {
  return list.flatMap((item) => ifUnknown([], () => [map(item)]));
}

/** A value for a message: text is quoted, undefined is `not set`. Never use it for possible secrets. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return "not set";
  return JSON.stringify(value);
}

/** The engine's placeholders in a preview for values known only after `up`, by type. */
const laterValues = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** True for a value known only after `up`, as returned by {@link plain}. */
export const isLater = (value: unknown): boolean => typeof value === "string" && laterValues.has(value);

/** Ends the check of a policy as the SDK does for a value known only after `up`: with an advisory violation. */
export function skipUnknown(path: string): never {
  throw new UnknownValueError("04da6b54-80e4-46f7-96ec-b56ff0331ba9", path.split("."));
}

/**
 * The value without the SDK's proxy, which throws for values that aren't known yet. Here such a value is one that
 * {@link isLater} recognizes. Walking a whole resource is ten times as fast.
 */
export function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const proxied = value as { __isSpecialProxy?: boolean; __getSpecialProxyTarget?: unknown };
  return proxied.__isSpecialProxy === true ? proxied.__getSpecialProxyTarget : value;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Visits every text in a value from {@link plain}, with its path, such as `spec.containers[0].image`. */
export function eachText(value: unknown, visit: (text: string, path: string) => void, path = ""): void {
  if (typeof value === "string") visit(value, path);
  else if (Array.isArray(value)) value.forEach((item, index) => eachText(item, visit, `${path}[${index}]`));
  else if (isRecord(value))
    for (const key of Object.keys(value)) eachText(value[key], visit, path === "" ? key : `${path}.${key}`);
}

/** The values at a path such as `spec.rules[].host`, each with its own path. `[]` matches each item of a list. */
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
