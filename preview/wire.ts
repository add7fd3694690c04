import { runtime } from "@pulumi/pulumi";

/** A value as it goes over the wire between a program and the engine. */
export type Wire = null | boolean | number | string | Wire[] | WireObject;

/** An object on the wire: a map of properties, or a marked value such as a secret. */
export interface WireObject {
  [key: string]: Wire;
}

/** What stands in a report for a value that `up` will know. */
export const UNKNOWN = "[unknown]";
/** What stands in a report for a secret. */
export const SECRET = "[secret]";

/** True for a map of properties (and for a marked value, which is one on the wire). */
export function isObject(value: Wire | undefined): value is WireObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for the marker of a value that only `up` will know. */
export function isUnknown(value: Wire | undefined): boolean {
  return value === runtime.unknownValue;
}

/** True for a value that is unknown, or has something unknown within. */
export function holdsUnknown(value: Wire | undefined): boolean {
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return isObject(value) ? Object.values(value).some(holdsUnknown) : isUnknown(value);
}

/** {@link holdsUnknown} for a value of a report. */
export function holdsUnknownText(value: unknown): boolean {
  if (typeof value === "string") return value.includes(UNKNOWN);
  return typeof value === "object" && value !== null && Object.values(value).some(holdsUnknownText);
}

/** The value with its secret wrapper, as the SDK sends it. */
export function secret(value: Wire): WireObject {
  return { [runtime.specialSigKey]: runtime.specialSecretSig, value };
}

/** What a marked object is: a secret, a resource, an asset…; undefined for a plain map. */
export function markOf(value: WireObject): "secret" | "resource" | "output" | "asset" | undefined {
  switch (value[runtime.specialSigKey]) {
    case undefined:
      return undefined;
    case runtime.specialSecretSig:
      return "secret";
    case runtime.specialResourceSig:
      return "resource";
    case runtime.specialOutputValueSig:
      return "output";
    default:
      return "asset";
  }
}

/**
 * The value as a report may show it: secrets read `[secret]`, unknowns `[unknown]` (within a longer
 * string too, as in a provider's reference), a resource is its URN.
 */
export function redact(value: Wire): Wire {
  if (typeof value === "string") return value.replaceAll(runtime.unknownValue, UNKNOWN);
  if (Array.isArray(value)) return value.map(redact);
  if (!isObject(value)) return value;
  switch (markOf(value)) {
    case "secret":
      return SECRET;
    case "resource":
      return redact(value.urn ?? UNKNOWN);
    case "output":
      return value.secret === true ? SECRET : redact(value.value ?? UNKNOWN);
    default:
      return redactObject(value);
  }
}

/** {@link redact} for each property; the marker of an asset is left out. */
export function redactObject(value: WireObject): WireObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== runtime.specialSigKey)
      .map(([key, inner]) => [key, redact(inner)]),
  );
}
