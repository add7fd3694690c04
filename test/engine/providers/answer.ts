import { randomBytes, randomInt, randomUUID } from "node:crypto";
import type { Rule } from "./rule";
import type { ResourceSchema, Shape } from "./schema";
import {
  canonical,
  hasUnknown,
  isObject,
  mapValues,
  reveal,
  UNKNOWN,
  withoutNotes,
  type Values,
} from "./wire";

/** Region and account of a resource. */
export interface Place {
  region: string;
  account: string;
}

/** Fills in a template's `{words}`. The result is unknown if one of them is. */
export function fill(template: unknown, values: Values): unknown {
  if (Array.isArray(template)) return template.map((item) => fill(item, values));
  if (isObject(template)) return mapValues(template, (item) => fill(item, values));
  if (typeof template === "function")
    return (template as (values: Values) => unknown)(reveal(values) as Values);
  if (typeof template !== "string") return template;
  let unknown = false;
  const text = template.replace(/\{(\w+)\}/g, (_, word: string) => {
    const value = random(word) ?? reveal(values[word]);
    unknown ||= value === UNKNOWN;
    return String(value ?? "");
  });
  return unknown ? UNKNOWN : text;
}

function random(word: string): string | undefined {
  const [, kind, count] = /^(hex|digits)(\d+)$/.exec(word) ?? [];
  if (kind === "hex") return randomBytes(32).toString("hex").slice(0, Number(count));
  if (kind === "digits") return Array.from({ length: Number(count) }, () => randomInt(10)).join("");
  return word === "uuid" ? randomUUID() : undefined;
}

/** The inputs as the cloud returns them: with defaults, sets in its own order, some texts in lower case. */
export function normalise(inputs: Values, rule: Rule): Values {
  let values: Values = { ...rule.defaults, ...withoutNotes(inputs) };
  const change = (paths: readonly string[] | undefined, how: (value: unknown) => unknown) => {
    for (const path of paths ?? []) values = changeAt(values, path.split("."), how) as Values;
  };
  change(rule.unordered, sorted);
  change(rule.lower, (value) =>
    typeof value === "string" && value !== UNKNOWN ? value.toLowerCase() : value,
  );
  return rule.answer?.(values) ?? values;
}

function sorted(value: unknown): unknown {
  if (!Array.isArray(value) || hasUnknown(value)) return value;
  return [...(value as unknown[])].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
}

/** The value with the part at a path changed. Includes all items of lists; missing parts stay missing. */
function changeAt(value: unknown, path: readonly string[], change: (value: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (Array.isArray(value)) return value.map((item) => changeAt(item, path, change));
  if (!isObject(value) || value[key] === undefined) return value;
  return { ...value, [key]: changeAt(value[key], rest, change) };
}

/** A generated value for an output that neither the inputs nor the table determine. */
function madeUp(name: string, shape: Shape): unknown {
  const values: Partial<Record<Shape["kind"], unknown>> = {
    text: `${name}-${randomBytes(6).toString("hex")}`,
    number: 0,
    flag: false,
    list: [],
    map: {},
  };
  return values[shape.kind];
}

const present = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** The state of a new resource, and its id. */
export function create(
  inputs: Values,
  rule: Rule,
  schema: ResourceSchema,
  place: Place,
): { id: string; state: Values } {
  const values: Values = { ...normalise(inputs, rule), id: "" };
  const seen = { ...place, ...values };
  const id = String(fill(rule.id, seen));
  const state: Values = { ...values, id };
  const given = (key: string) => state[key] !== undefined;
  const filled = () => ({ ...place, ...state });
  if (rule.arn !== undefined) state["arn"] = fill(rule.arn, filled());
  for (const [key, template] of Object.entries(rule.outputs ?? {}))
    if (!given(key)) state[key] = fill(template, filled());
  for (const [key, { shape, always }] of Object.entries(schema.outputs))
    if (always && !given(key)) state[key] = key === "region" ? place.region : madeUp(key, shape);
  return { id, state: present(state) };
}

/** What is known of a resource before it is created: its inputs, without what the cloud fills in. */
export function foresee(inputs: Values, rule: Rule, schema: ResourceSchema): Values {
  const state: Values = { ...rule.defaults, ...withoutNotes(inputs) };
  const computed = [...Object.keys(rule.outputs ?? {}), ...(rule.arn === undefined ? [] : ["arn"])];
  for (const key of computed) state[key] ??= UNKNOWN;
  for (const [key, { always }] of Object.entries(schema.outputs)) if (always) state[key] ??= UNKNOWN;
  return state;
}
