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
  // Used once: compiling the schema takes longer than it saves.
  const { success, data, error } = schema.safeParse(input, { error: knownKeys, jitless: true });
  if (success) return { data };
  const { added, issues: found } = withMissingObjects(schema, input, error.issues);
  const issues = found.flatMap(ofUnion);
  const bare = added.filter(({ path }) => !issues.some((issue) => startsWith(issue.path, path)));
  const renamed = new Set(issues.flatMap((issue) => renames(root, issue)));
  const faults = issues.flatMap((issue) =>
    faultsOf(root, input, issue).map((fault) => ({ remedy: requote(schema, input, issue), ...fault })),
  );
  const empty = bare.map(({ path, expected }) => missing([root, ...path].join("."), expected));
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

/** Lists the allowed keys of an object in the issue of an unknown one, and of a value that isn't an object. */
const knownKeys: z.core.$ZodErrorMap = (issue) => {
  if (issue.code !== "unrecognized_keys" && issue.code !== "invalid_type") return undefined;
  const { shape } = (issue.inst as z.ZodObject | undefined) ?? {};
  const keys = Object.keys(shape ?? {}).join(", ");
  if (issue.code === "unrecognized_keys") return keys;
  return keys === "" ? undefined : `${objectWith} ${keys}`;
};

const objectWith = "an object; its keys are";

/**
 * What to do about a number without quotes where text is wanted, or the reverse: nothing else is wrong with the value.
 */
function requote(schema: z.ZodType, input: unknown, { path }: z.core.$ZodIssue): string | undefined {
  const found = at(input, path);
  const other = typeof found === "string" ? unquoted(found) : String(found);
  if (!["string", "number", "boolean"].includes(typeof found) || other === undefined) return undefined;
  const issues = schema.safeParse(withValue(input, path, other)).error?.issues ?? [];
  if (issues.some((issue) => startsWith(issue.path, path) || startsWith(path, issue.path))) return undefined;
  return `${typeof found === "string" ? "remove the quotes" : "put it in quotes"}: ${JSON.stringify(other)}`;
}

/** The number or Boolean that a text spells. */
function unquoted(text: string): number | boolean | undefined {
  if (text === "true" || text === "false") return text === "true";
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** A missing object that an empty one replaces, and what its schema says is allowed. */
interface Added {
  readonly path: PropertyKey[];
  readonly expected: string;
}

/**
 * Replaces missing objects by empty ones, recursively, so the schema reports their missing keys.
 *
 * @param first The schema's issues of the value as it is.
 */
function withMissingObjects(
  schema: z.ZodType,
  input: unknown,
  first: readonly z.core.$ZodIssue[],
): { issues: readonly z.core.$ZodIssue[]; added: Added[] } {
  const added: Added[] = [];
  let value = input;
  let issues = first;
  for (;;) {
    const found = issues.find(
      (issue) =>
        issue.code === "invalid_type" &&
        (issue.expected === "object" || issue.expected === "record") &&
        at(value, issue.path) === undefined,
    );
    if (found === undefined) return { issues, added };
    // The library's own message only says that it is an object.
    const own = found.message.startsWith("Invalid input") || found.message.startsWith(objectWith);
    added.push({ path: [...found.path], expected: own ? "an object; {} is enough" : found.message });
    value = withValue(value, found.path, {});
    issues = schema.safeParse(value, { error: knownKeys }).error?.issues ?? [];
  }
}

/** A copy of a value with another one at a path. */
function withValue(value: unknown, [key, ...rest]: readonly PropertyKey[], inner: unknown): unknown {
  if (key === undefined) return inner;
  if (Array.isArray(value))
    return value.map((entry: unknown, index) => (index === key ? withValue(entry, rest, inner) : entry));
  const object = (value ?? {}) as Record<PropertyKey, unknown>;
  return { ...object, [key]: withValue(object[key], rest, inner) };
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
    (errors) =>
      !errors.some(({ path, code }) => path.length === 0 && /^invalid_(type|value)$/.test(code as string)),
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
      remedy: keyRemedy(key, issue.message === "" ? [] : issue.message.split(", ")),
    }));
  const found = at(input, issue.path);
  const choices = choicesOf(issue);
  const expected =
    issue.code === "invalid_union" && choices.length > 0
      ? `one of ${choices.map((each) => JSON.stringify(each)).join(", ")}`
      : wanted(issue.message, found);
  if (found === undefined) return [missing(path, expected)];
  const near = typeof found === "string" ? nearest(found, choices.map(String)) : undefined;
  const meant = choices.find((each) => String(each) === near);
  if (meant !== undefined)
    return [{ path, found: show(found), expected, remedy: `did you mean ${show(meant)}? Change the value` }];
  return [
    { path, found: show(found), expected, ...(/^nothing\b/.test(expected) ? { remedy: "remove it" } : {}) },
  ];
}

/** The allowed words of a value, or of the key that determines an object's kind. */
function choicesOf(issue: z.core.$ZodIssue): readonly z.core.util.Primitive[] {
  if (issue.code === "invalid_value") return issue.values;
  return issue.code === "invalid_union" && "options" in issue ? (issue.options ?? []) : [];
}

/** The schema's messages say what is allowed; zod's own say "Invalid input: expected …". */
const wanted = (message: string, found: unknown) =>
  message
    // It is text already; only its content is wrong.
    .replace(/^a quoted string, /, typeof found === "string" ? "" : "$&")
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

const hex = (character: string) => (character.codePointAt(0) ?? 0).toString(16).padStart(4, "0");

/** A value as in the file, shortened. Numbers and dates are shown as YAML parsed them. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null, an empty value";
  const kind = Array.isArray(value) ? "the list " : typeof value === "object" ? "the object " : "";
  // Invisible characters, and those that change the direction of text, would hide the fault.
  const written = JSON.stringify(value).replace(/[\p{Cf}\u2028\u2029]/gu, (each) => `\\u${hex(each)}`);
  const short = written.length > longest ? `${written.slice(0, longest)}…` : written;
  return kind || typeof value === "string" ? `${kind}${short}` : `the ${typeof value} ${short}`;
}
