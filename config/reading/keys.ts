import * as pulumi from "@pulumi/pulumi";
import * as runtimeConfig from "@pulumi/pulumi/runtime/config";
import type { z } from "zod";
import type { Fault } from "./errors";
import { explain } from "./explain";
import { keyRemedy, nearest } from "./spelling";
import type { Values } from "./raw";

/** A stack's top-level keys: the values as in the file, those that their schemas accept, and the faults. */
export interface Read {
  readonly raw: Values;
  readonly accepted: Values;
  readonly faults: Fault[];
}

/** Reads the keys of a stack of `project` by one schema each. Keys without a schema, and secure values, are faults. */
export function readKeys(project: string, known: Readonly<Record<string, z.ZodType>>): Read {
  const faults: Fault[] = [];
  const raw = rawValues(project, Object.keys(known), faults);
  const refused = new Set(faults.map(({ path }) => path));
  const meant = new Set(faults.map(({ path }) => nearest(path, names(project, Object.keys(known)))));
  const accepted: Values = {};
  for (const [key, schema] of Object.entries(known)) {
    const path = `${project}:${key}`;
    // A misspelt key isn't also missing.
    if (refused.has(path) || (raw[key] === undefined && meant.has(path))) continue;
    raw[key] = withNumber(raw[key], schema);
    const result = explain(path, raw[key], schema);
    if ("data" in result) accepted[key] = result.data;
    else faults.push(...result.faults);
  }
  return { raw, accepted, faults };
}

const names = (project: string, keys: readonly string[]) => keys.map((key) => `${project}:${key}`);

/** The number that a text spells where one is wanted: the engine passes a top-level number as text. */
function withNumber(value: unknown, schema: z.ZodType): unknown {
  if (typeof value !== "string" || !/^-?\d+(\.\d+)?$/.test(value)) return value;
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  return issue?.code === "invalid_type" && /^(int|number)$/.test(issue.expected) ? Number(value) : value;
}

// The SDK knows which keys hold a `secure:` value, but its types don't say so.
const { isConfigSecret } = runtimeConfig as unknown as { isConfigSecret(key: string): boolean };

/** The project's values, decoded; keys that can't be used are faults. `pulumi:` keys are the engine's own. */
function rawValues(project: string, known: readonly string[], faults: Fault[]): Record<string, unknown> {
  const raw: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(pulumi.runtime.allConfig())) {
    const [namespace, key = ""] = path.split(":");
    if (namespace === "pulumi") continue;
    if (isConfigSecret(path)) {
      faults.push({
        path,
        found: "a secure value",
        expected: "a value in clear text",
        remedy: "put the secret into Secrets Manager and name its entry",
      });
    } else if (namespace !== project || !known.includes(key)) {
      faults.push({
        path,
        found: "a key",
        expected: `one of the keys ${names(project, known).join(", ")}`,
        remedy: keyRemedy(path, names(project, known)),
      });
    } else raw[key] = withoutReserved(path, decode(value), faults);
  }
  return raw;
}

/** The value without keys that every object has in JavaScript, such as `constructor`: each is a fault. */
function withoutReserved(path: string, value: unknown, faults: Fault[]): unknown {
  if (Array.isArray(value))
    return value.map((each: unknown, index) => withoutReserved(`${path}.${index}`, each, faults));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, each]: [string, unknown]) => {
    const at = `${path}.${key}`;
    if (!(key in Object.prototype)) return [[key, withoutReserved(at, each, faults)] as const];
    faults.push({
      path: at,
      found: "a key",
      expected: "another name: every object in JavaScript has this one",
      remedy: "rename it, or remove it",
    });
    return [];
  });
  return Object.fromEntries(entries);
}

/** The engine passes text: JSON unless the file has a string. */
function decode(value: string): unknown {
  if (/^\s*[[{]/.test(value) || value === "true" || value === "false") {
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  }
  return value;
}
