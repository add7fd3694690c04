import type { Rule } from "./rule";
import type { ResourceSchema } from "./schema";
import { at, canonical, hasUnknown, isObject, reveal, withoutNotes, type Values } from "./wire";

/** An input that differs from the cloud's state. */
export interface Change {
  property: string;
  state: unknown;
  wanted: unknown;
  replaces: boolean;
}

export interface Sides {
  /** The last state returned by the cloud. */
  state: Values;
  /** Previous inputs from the program. */
  before: Values;
  /** New inputs from the program. */
  wanted: Values;
}

/** The inputs that differ from the state, as the provider compares them: sets unordered, documents by meaning. */
export function changes({ state, before, wanted }: Sides, rule: Rule, schema: ResourceSchema): Change[] {
  const keys = new Set([...Object.keys(withoutNotes(wanted)), ...Object.keys(withoutNotes(before))]);
  const found: Change[] = [];
  for (const property of keys) {
    const given = wanted[property] ?? rule.defaults?.[property];
    const had = state[property];
    const differs =
      given === undefined
        ? isReset(property, had, schema)
        : differ(compared(given, property, rule), compared(had, property, rule), reveal(before[property]));
    const replaces = differs && replacing(property, rule, given, had);
    if (differs) found.push({ property, state: had, wanted: given, replaces });
  }
  return found;
}

/** Whether a change of the property, or of the part that differs, replaces the resource. */
function replacing(property: string, rule: Rule, given: unknown, had: unknown): boolean {
  return (rule.replace ?? []).some((path) => {
    const [first = "", ...rest] = path.split(".");
    if (first !== property) return false;
    const part = rest.join(".");
    return part === "" || differ(at(reveal(given), part), at(reveal(had), part), undefined);
  });
}

/** Whether a removed value is reset: not if the cloud always computes one. */
function isReset(property: string, had: unknown, schema: ResourceSchema): boolean {
  if (schema.outputs[property]?.always ?? false) return false;
  return !isEmpty(had);
}

const isEmpty = (value: unknown) =>
  value === undefined ||
  value === null ||
  value === "" ||
  value === false ||
  (typeof value === "object" && Object.keys(value).length === 0);

function differ(wanted: unknown, had: unknown, before: unknown): boolean {
  if (hasUnknown(wanted) && !isObject(wanted) && !Array.isArray(wanted)) return true;
  if (isEmpty(wanted) && isEmpty(had)) return false;
  if (Array.isArray(wanted)) {
    if (!Array.isArray(had) || had.length !== wanted.length) return true;
    return wanted.some((item, i) => differ(item, had[i], Array.isArray(before) ? before[i] : undefined));
  }
  if (isObject(wanted)) {
    if (!isObject(had)) return true;
    const old = isObject(before) ? before : {};
    const removed = Object.keys(old).some((key) => wanted[key] === undefined && !isEmpty(had[key]));
    return (
      removed ||
      Object.entries(wanted).some(([key, value]) => value !== undefined && differ(value, had[key], old[key]))
    );
  }
  return wanted !== had;
}

/** The plain value in the form in which the provider compares it. */
function compared(value: unknown, path: string, rule: Rule): unknown {
  const plain = reveal(value);
  if (rule.documents?.includes(path) && typeof plain === "string") return meaning(plain);
  if (Array.isArray(plain)) {
    const items = plain.map((item) => compared(item, path, rule));
    if (!rule.unordered?.includes(path)) return items;
    return items.sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
  }
  if (!isObject(plain)) return plain;
  return Object.fromEntries(
    Object.entries(plain).map(([key, item]) => [key, compared(item, `${path}.${key}`, rule)]),
  );
}

/** A JSON document without the order of its keys and lists, and with single values as lists. */
function meaning(text: string): unknown {
  const same = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      const items = value.map(same).sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
      return items.length === 1 ? items[0] : items;
    }
    return isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, same(item)]))
      : value;
  };
  try {
    return canonical(same(JSON.parse(text)));
  } catch {
    return text;
  }
}
