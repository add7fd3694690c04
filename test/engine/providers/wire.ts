import {
  isRpcSecret,
  specialSecretSig,
  specialSigKey,
  unknownValue,
  unwrapRpcSecret,
} from "@pulumi/pulumi/runtime/rpc";

/** A bag of property values, as the engine sends them: unknowns as a marker, secrets wrapped. */
export type Values = Record<string, unknown>;

/** What stands for a value that is only known after `up`. */
export const UNKNOWN = unknownValue;

export const isObject = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value without its secret wrapping, all the way down. */
export function reveal(value: unknown): unknown {
  if (isRpcSecret(value)) return reveal(unwrapRpcSecret(value));
  if (Array.isArray(value)) return value.map(reveal);
  if (isObject(value)) return mapValues(value, reveal);
  return value;
}

/** Whether a value, or any part of it, is only known after `up`. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

/** Whether a value, or any part of it, is secret. */
export function hasSecret(value: unknown): boolean {
  if (isRpcSecret(value)) return true;
  if (Array.isArray(value)) return value.some(hasSecret);
  return isObject(value) && Object.values(value).some(hasSecret);
}

/** The value, marked as secret. */
export const secret = (value: unknown): Values => ({ [specialSigKey]: specialSecretSig, value });

/** Every text inside a value, with the path to it: `spec.containers[0].image`. */
export function* texts(value: unknown, path = ""): Generator<[path: string, text: string]> {
  if (typeof value === "string") yield [path, value];
  else if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* texts(item, `${path}[${i}]`);
  else if (isObject(value))
    for (const [key, item] of Object.entries(value)) yield* texts(item, path === "" ? key : `${path}.${key}`);
}

/** The values at a path such as `vpcConfig.subnetIds`; lists on the way are walked into. */
export function at(value: unknown, path: string): unknown[] {
  let found: unknown[] = [value];
  for (const key of path.split("."))
    found = found
      .flatMap((item) => (Array.isArray(item) ? item : [item]))
      .map((item) => (isObject(item) ? item[key] : undefined));
  return found
    .flatMap((item) => (Array.isArray(item) ? item : [item]))
    .filter((item) => item !== undefined && item !== null);
}

/** The same value with the keys of every object in order, as text: equal values give equal text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

/** Without the keys that are the provider's own business. */
export function withoutNotes(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !key.startsWith("__")));
}

export function mapValues<T, U>(
  values: Record<string, T>,
  change: (value: T, key: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value, key)]));
}
