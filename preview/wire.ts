import { runtime } from "@pulumi/pulumi";

/** A value in the protocol between program and engine. */
export type Wire = null | boolean | number | string | Wire[] | WireObject;

/** An object in the protocol: a map of properties, or a marked value such as a secret. */
export interface WireObject {
  [key: string]: Wire;
}

/** Placeholder in reports for values that are known only during `up`. */
const UNKNOWN = "[unknown]";
/** Placeholder in reports for secrets. */
const SECRET = "[secret]";

/** Whether it is a map of properties (or a marked value, which has the same form). */
export function isObject(value: Wire | undefined): value is WireObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether it is the marker of a value that is known only during `up`. */
export function isUnknown(value: Wire | undefined): boolean {
  return value === runtime.unknownValue;
}

/** Whether a value is or contains an unknown. */
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

/** Kind of a marked object: a secret, a resource, an asset…; undefined for a plain map. */
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
 * The value for a report: secrets become `[secret]`, unknowns `[unknown]` (also within longer strings, such as a
 * provider's reference), resources their URN.
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

/** {@link redact} for each property, without an asset's marker. */
export function redactObject(value: WireObject): WireObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== runtime.specialSigKey)
      .map(([key, inner]) => [key, redact(inner)]),
  );
}

/** The URN in a reference to a provider, which is `<urn>::<id>`. */
export const providerUrn = (reference: string): string => reference.slice(0, reference.lastIndexOf("::"));
