import { randomBytes } from "node:crypto";
import { refuse, type Failure, type NameRule, type Rule } from "./rule";
import type { PackageSchema, Properties, Shape } from "./schema";
import { hasSecret, hasUnknown, isObject, reveal, secret, UNKNOWN, type Values } from "./wire";

/** Checks that all required inputs are set, that there are no unknown ones, and that every value has the right type. */
export function checkShape(
  values: unknown,
  properties: Properties,
  objects: PackageSchema["objects"],
  path = "",
): Failure[] {
  const plain = reveal(values);
  if (plain === UNKNOWN || !isObject(plain)) return [];
  const at = (key: string) => (path === "" ? key : `${path}.${key}`);
  const missing = Object.entries(properties)
    .filter(([key, { required }]) => required && (plain[key] === undefined || plain[key] === null))
    .map(([key]) => refuse(at(key), "required, and missing"));
  const wrong = Object.entries(plain).flatMap(([key, value]) => {
    const property = properties[key];
    if (property === undefined) return [refuse(at(key), "unknown: no such argument")];
    return checkValue(value, property.shape, objects, at(key));
  });
  return [...missing, ...wrong];
}

const scalars: Partial<Record<Shape["kind"], string>> = { text: "string", number: "number", flag: "boolean" };

function checkValue(
  value: unknown,
  shape: Shape,
  objects: PackageSchema["objects"],
  path: string,
): Failure[] {
  if (value === UNKNOWN || value === undefined || value === null || shape.kind === "any") return [];
  const wrong = (kind: string) => [
    refuse(path, `must be ${kind}, found ${Array.isArray(value) ? "a list" : typeof value}`),
  ];
  if (shape.kind === "list") {
    if (!Array.isArray(value)) return wrong("a list");
    return value.flatMap((item, i) => checkValue(item, shape.of, objects, `${path}[${i}]`));
  }
  if (shape.kind === "map" || shape.kind === "object") {
    if (!isObject(value)) return wrong("an object");
    if (shape.kind === "object") return checkShape(value, objects[shape.name] ?? {}, objects, path);
    return Object.entries(value).flatMap(([key, item]) =>
      checkValue(item, shape.of, objects, `${path}.${key}`),
    );
  }
  return typeof value === scalars[shape.kind] ? [] : wrong(`a ${scalars[shape.kind]}`);
}

/** Checks a physical name. */
function checkName(values: Values, rule: NameRule): Failure[] {
  const name = reveal(values[rule.property]);
  if (typeof name !== "string" || name === UNKNOWN) return [];
  const min = rule.min ?? 1;
  const failures: Failure[] = [];
  if (name.length < min || name.length > rule.max)
    failures.push(
      refuse(rule.property, `"${name}" has ${name.length} characters; allowed are ${min} to ${rule.max}`),
    );
  if (rule.pattern !== undefined && !rule.pattern.test(name))
    failures.push(refuse(rule.property, `"${name}" isn't ${rule.what ?? String(rule.pattern)}`));
  return failures;
}

/** Key of the list of inputs that the provider generated, among the inputs: as in `@pulumi/aws`. */
const madeUp = "__defaults";

/** The inputs with a name if none is set: the previous one, or a new one. */
export function autoname(values: Values, olds: Values, rule: NameRule, resource: string): Values {
  const { property, auto, before = "" } = rule;
  if (!auto || values[property] !== undefined) return values;
  const prefix = values[`${property}Prefix`];
  // AWS' provider appends 26 characters to a prefix; Pulumi appends a hyphen and 7 characters to a resource's name.
  const made =
    typeof prefix === "string"
      ? `${prefix}${randomBytes(13).toString("hex")}`
      : `${before}${resource}-${randomBytes(4).toString("hex").slice(0, 7)}`;
  const kept = isMadeUp(olds, property) ? olds[property] : undefined;
  return { ...values, [property]: kept ?? made, [madeUp]: [property] };
}

/** Whether the provider generated an input. */
function isMadeUp(values: Values, property: string): boolean {
  const names = values[madeUp];
  return Array.isArray(names) && names.includes(property);
}

/** Whether a resource keeps an explicit name, so it can't exist at the same time as its replacement. */
export function keepsName(before: Values, wanted: Values, rule: NameRule | undefined): boolean {
  if (rule?.auto !== true || isMadeUp(wanted, rule.property)) return false;
  return wanted[rule.property] !== undefined && before[rule.property] === wanted[rule.property];
}

/** The inputs with documents as JSON text; the provider accepts text and objects. */
export function encoded(values: Values, rule: Rule): Values {
  const changed = { ...values };
  for (const property of rule.documents ?? []) {
    const document = reveal(values[property]);
    if (!isObject(document)) continue;
    const text = hasUnknown(document) ? UNKNOWN : JSON.stringify(document);
    changed[property] = hasSecret(values[property]) ? secret(text) : text;
  }
  return changed;
}

/** Checks the table's rules on plain values; unknown inputs are ignored. */
export function checkRule(values: Values, rule: Rule): Failure[] {
  const plain = reveal(values) as Values;
  const known = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== UNKNOWN));
  const unknown = Object.keys(plain).filter((key) => plain[key] === UNKNOWN);
  return [
    ...(rule.name === undefined ? [] : checkName(values, rule.name)),
    ...(rule.documents ?? []).flatMap((property) => checkDocument(known, property)),
    ...(rule.check?.(known, unknown) ?? []),
  ];
}

function checkDocument(values: Values, property: string): Failure[] {
  const text = values[property];
  if (typeof text !== "string") return [];
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    return [refuse(property, `isn't JSON: ${(error as Error).message}`)];
  }
}
