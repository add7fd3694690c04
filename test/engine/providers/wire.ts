import {
  isRpcSecret,
  specialSecretSig,
  specialSigKey,
  unknownValue,
  unwrapRpcSecret,
} from "@pulumi/pulumi/runtime/rpc";

/** Property values as the engine sends them: with markers for unknowns, and wrapped secrets. */
export type Values = Record<string, unknown>;

/** Marker of a value that is known only after `up`. */
export const UNKNOWN = unknownValue;

export const isObject = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value without secrets' wrappers, at any depth. */
export function reveal(value: unknown): unknown {
  if (isRpcSecret(value)) return reveal(unwrapRpcSecret(value));
  if (Array.isArray(value)) return value.map(reveal);
  if (isObject(value)) return mapValues(value, reveal);
  return value;
}

/** Whether a value or a part of it is known only after `up`. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

/** Whether a value or a part of it is secret. */
export function hasSecret(value: unknown): boolean {
  if (isRpcSecret(value)) return true;
  if (Array.isArray(value)) return value.some(hasSecret);
  return isObject(value) && Object.values(value).some(hasSecret);
}

/** The value, marked as secret. */
export const secret = (value: unknown): Values => ({ [specialSigKey]: specialSecretSig, value });

/** Every text in a value, with its path: `spec.containers[0].image`. */
export function* texts(value: unknown, path = ""): Generator<[path: string, text: string]> {
  if (typeof value === "string") yield [path, value];
  else if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* texts(item, `${path}[${i}]`);
  else if (isObject(value))
    for (const [key, item] of Object.entries(value)) yield* texts(item, path === "" ? key : `${path}.${key}`);
}

/** The values at a path such as `vpcConfig.subnetIds`, which includes all items of lists. */
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

/** The value as text with sorted keys: equal values have equal texts. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

/** Without internal keys of the provider. */
export function withoutNotes(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !key.startsWith("__")));
}

export function mapValues<T, U>(
  values: Record<string, T>,
  change: (value: T, key: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value, key)]));
}
