import type { z } from "zod";
import type { Fault } from "./errors";
import { keyRemedy, nearest } from "./spelling";

/** Result of a schema for a value: the settings, or the faults. */
export type Explained<T> = { readonly data: T } | { readonly faults: Fault[] };

/**
 * Checks a value against its schema. Each wrong value is one fault; a missing object is one fault for each required
 * key; a misspelt key isn't also reported as missing.
 *
 * @param root Path of the value in the stack file.
 */
export function explain<T extends z.ZodType>(
  root: string,
  input: unknown,
  schema: T,
): Explained<z.output<T>> {
  const { success, data } = schema.safeParse(input);
  if (success) return { data };
  const { value, added } = withMissingObjects(schema, input);
  const issues = (schema.safeParse(value, { error: knownKeys }).error?.issues ?? []).flatMap(ofUnion);
  const bare = added.filter((path) => !issues.some((issue) => startsWith(issue.path, path)));
  const renamed = new Set(issues.flatMap((issue) => renames(root, issue)));
  const faults = issues.flatMap((issue) => faultsOf(root, input, issue));
  const empty = bare.map((path) => missing([root, ...path].join("."), "an object; {} is enough"));
  const unique = new Map([...faults, ...empty].map((fault) => [`${fault.path} ${fault.expected}`, fault]));
  return {
    faults: [...unique.values()].filter(
      ({ path, found }) =>
        found !== "nothing" || ![...renamed].some((key) => path === key || path.startsWith(`${key}.`)),
    ),
  };
}

const startsWith = (path: readonly PropertyKey[], start: readonly PropertyKey[]) =>
  start.every((key, index) => path[index] === key);

/** Lists the allowed keys of an object in the issue of an unknown one. */
const knownKeys: z.core.$ZodErrorMap = (issue) => {
  if (issue.code !== "unrecognized_keys") return undefined;
  const { shape } = (issue.inst as z.ZodObject | undefined) ?? {};
  return Object.keys(shape ?? {}).join(", ");
};

/** Replaces missing objects by empty ones, recursively, so the schema reports their missing keys. */
function withMissingObjects(schema: z.ZodType, input: unknown): { value: unknown; added: PropertyKey[][] } {
  const added: PropertyKey[][] = [];
  let value = input;
  for (;;) {
    const issues = schema.safeParse(value).error?.issues ?? [];
    const found = issues.find(
      (issue) =>
        issue.code === "invalid_type" &&
        (issue.expected === "object" || issue.expected === "record") &&
        at(value, issue.path) === undefined,
    );
    if (found === undefined) return { value, added };
    added.push([...found.path]);
    value = withObject(value, found.path);
  }
}

function withObject(value: unknown, [key, ...rest]: readonly PropertyKey[]): unknown {
  if (key === undefined) return {};
  if (Array.isArray(value))
    return value.map((entry: unknown, index) => (index === key ? withObject(entry, rest) : entry));
  const object = (value ?? {}) as Record<PropertyKey, unknown>;
  return { ...object, [key]: withObject(object[key], rest) };
}

/** Paths of the keys that misspelt ones were probably meant to be. */
function renames(root: string, issue: z.core.$ZodIssue): string[] {
  if (issue.code !== "unrecognized_keys") return [];
  const known = issue.message.split(", ");
  return issue.keys.flatMap((key) => {
    const meant = nearest(key, known);
    return meant === undefined ? [] : [[root, ...issue.path, meant].join(".")];
  });
}

const missing = (path: string, expected: string): Fault => ({
  path,
  found: "nothing",
  expected,
  remedy: "add it",
});

/** The issues of the union's only option that matches the value's kind, instead of the union's own. */
function ofUnion(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const options = issue.errors.filter(
    (errors) => !errors.some(({ path, code }) => path.length === 0 && code === "invalid_type"),
  );
  const [only = []] = options.length === 1 ? options : [];
  if (only.length === 0) return [issue];
  return only.flatMap((inner) => ofUnion({ ...inner, path: [...issue.path, ...inner.path] }));
}

function faultsOf(root: string, input: unknown, issue: z.core.$ZodIssue): Fault[] {
  const path = [root, ...issue.path].join(".");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      path: `${path}.${key}`,
      found: show(at(input, [...issue.path, key])),
      expected: issue.message === "" ? "no key here" : `one of the keys ${issue.message}`,
      remedy: keyRemedy(key, issue.message.split(", ")),
    }));
  const found = at(input, issue.path);
  const expected = wanted(issue.message);
  if (found === undefined) return [missing(path, expected)];
  const meant =
    issue.code === "invalid_value" && typeof found === "string"
      ? nearest(found, issue.values.map(String))
      : undefined;
  if (meant !== undefined)
    return [{ path, found: show(found), expected, remedy: `did you mean ${show(meant)}? Change the value` }];
  return [
    { path, found: show(found), expected, ...(/^nothing\b/.test(expected) ? { remedy: "remove it" } : {}) },
  ];
}

/** The schema's messages say what is allowed; zod's own say "Invalid input: expected …". */
const wanted = (message: string) =>
  message
    .replace(/^Invalid input: expected /, "")
    .replace(/, received \w+$/, "")
    .replace(/^(object|record)$/, "an object of keys and values")
    .replace(/^array$/, "a list");

function at(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    input,
  );
}

const longest = 60;

/** A value as in the file, shortened. Numbers and dates are shown as YAML parsed them. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null, an empty value";
  const kind = Array.isArray(value) ? "the list " : typeof value === "object" ? "the object " : "";
  const written = JSON.stringify(value);
  const short = written.length > longest ? `${written.slice(0, longest)}…` : written;
  return kind || typeof value === "string" ? `${kind}${short}` : `the ${typeof value} ${short}`;
}
