import { isObject, type Wire } from "../wire";

/** An input that differs. A path to a list's item has its name or its index in brackets. */
export interface Change {
  path: string;
  /** Undefined: it didn't exist. */
  before?: Wire;
  /** Undefined: it no longer exists. */
  after?: Wire;
  /** Whether the change replaces the resource. */
  replaces: boolean;
}

/** The innermost values that differ. JSON documents are compared by their content, and named items by their names. */
export function changesOf(
  before: Wire | undefined,
  after: Wire | undefined,
  replaces: (path: string) => boolean,
  path = "",
): Change[] {
  const [old, now] = [opened(before), opened(after)];
  if (same(old, now)) return [];
  const [olds, news] = [members(old, now), members(now, old)];
  if (olds === undefined || news === undefined)
    return [
      {
        path,
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
        replaces: replaces(path),
      },
    ];
  const keys = [...new Set([...olds.keys(), ...news.keys()])];
  return keys.flatMap((key) =>
    changesOf(
      olds.get(key),
      news.get(key),
      replaces,
      key.startsWith("[") || path === "" ? path + key : `${path}.${key}`,
    ),
  );
}

const same = (one: Wire | undefined, other: Wire | undefined) =>
  JSON.stringify(one) === JSON.stringify(other);

/** A JSON document as its value, with sorted keys. */
function opened(value: Wire | undefined): Wire | undefined {
  if (typeof value !== "string" || !/^\s*[{[]/.test(value)) return value;
  try {
    return sorted(JSON.parse(value) as Wire);
  } catch {
    return value;
  }
}

function sorted(value: Wire): Wire {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] as Wire)]));
}

/** The parts of a value by which it is compared with another; undefined where it is compared as a whole. */
function members(value: Wire | undefined, other: Wire | undefined): Map<string, Wire> | undefined {
  if (isObject(value)) return isObject(other) ? new Map(Object.entries(value)) : undefined;
  if (!Array.isArray(value) || !Array.isArray(other)) return undefined;
  const [names, others] = [namesOf(value), namesOf(other)];
  if (names !== undefined && others !== undefined)
    return new Map(value.map((item, index) => [`[${names[index]}]`, item]));
  const objects = [...value, ...other].every((item) => isObject(item));
  if (!objects || value.length !== other.length) return undefined;
  return new Map(value.map((item, index) => [`[${index}]`, item]));
}

/** The key of a list's items, as in Kubernetes. */
const NAMES = ["name", "key", "Sid"];

function namesOf(list: readonly Wire[]): string[] | undefined {
  for (const name of NAMES) {
    const found = list.flatMap((item) =>
      isObject(item) && typeof item[name] === "string" ? [item[name]] : [],
    );
    if (found.length === list.length && new Set(found).size === found.length) return found;
  }
  return undefined;
}
