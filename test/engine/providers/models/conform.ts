import { refuse, type Failure } from "../rule";
import { isObject, UNKNOWN, type Values } from "../wire";
import type { Call } from "./call";
import { mappings } from "./calls";
import { limits, type Limit } from "./limits";
import { inputOf, shapeOf, type ModelShape } from "./model";
import { requestOf, within, type Request } from "./request";

/** Inputs of a resource that AWS' service models don't allow. Empty for a type without a mapping. */
export function refusedByModels(type: string, inputs: Values): Failure[] {
  return callsFor(type, inputs).flatMap((call) => checkCall(call, requestOf(call, inputs)));
}

/** Properties, by path, that aren't in any call and that the mapping doesn't explain. */
export function unmappedProperties(type: string, inputs: Values): string[] {
  const calls = callsFor(type, inputs).map((call) => requestOf(call, inputs).unmapped);
  const { elsewhere = {} } = mappings[type] ?? {};
  const [first = Object.keys(inputs), ...others] = calls;
  const covers = (paths: readonly string[], path: string) =>
    paths.some((each) => path === each || path.startsWith(`${each}.`));
  return first.filter(
    (path) => !covers(Object.keys(elsewhere), path) && others.every((paths) => covers(paths, path)),
  );
}

const callsFor = (type: string, inputs: Values): readonly Call[] =>
  (mappings[type]?.calls ?? []).filter(({ when }) => when?.(inputs) ?? true);

function checkCall(call: Call, { values, origins }: Request): Failure[] {
  const { service, operation, supplied = [] } = call;
  const say = (path: string, reason: string): Failure => {
    const parts = path.split(".");
    while (parts.length > 0 && !origins.has(parts.join("."))) parts.pop();
    return refuse(origins.get(parts.join(".")) ?? "", `${operation} ${path}: ${reason}`);
  };

  const check = (value: unknown, name: string, path: string): Failure[] => {
    if (value === UNKNOWN || value === undefined || value === null) return [];
    const shape = shapeOf(service, name);
    if (shape.type === "list") return list(value, shape, path);
    if (shape.type === "structure" || shape.type === "map") {
      if (!isObject(value)) return [say(path, `a ${shape.type}, found ${quoted(value)}: see calls/`)];
      return shape.type === "map" ? map(value, name, shape, path) : structure(value, name, shape, path);
    }
    return refusals(value, shape).map((reason) => say(path, reason));
  };

  const structure = (value: Values, name: string, shape: ModelShape, path: string): Failure[] => [
    ...(shape.required ?? [])
      .filter((key) => value[key] === undefined && !supplied.includes(within(path, key)))
      .map((key) => say(within(path, key), "required, and missing")),
    ...Object.entries(value).flatMap(([key, inner]) =>
      member(inner, shape.members?.[key] ?? "", `${service}.${name}.${key}`, within(path, key)),
    ),
  ];

  const list = (value: unknown, shape: ModelShape, path: string): Failure[] => {
    if (!Array.isArray(value)) return [];
    const size = range(value.length, shape).map((reason) => say(path, `${reason} items`));
    return [...size, ...value.flatMap((item) => check(item, shape.item ?? "", path))];
  };

  const map = (value: Values, name: string, shape: ModelShape, path: string): Failure[] => [
    ...range(Object.keys(value).length, shape).map((reason) => say(path, `${reason} entries`)),
    ...Object.entries(value).flatMap(([key, inner]) => [
      ...refusals(key, shapeOf(service, shape.key ?? "")).map((reason) => say(within(path, key), reason)),
      ...member(inner, shape.value ?? "", `${service}.${name}.${key}`, within(path, key)),
    ]),
  ];

  /** Checks a member against its shape, and against limits that are only in the documentation. */
  const member = (value: unknown, name: string, at: string, path: string): Failure[] => {
    const limit = limits[at];
    const words = limit === undefined || value === UNKNOWN ? [] : refusedBy(limit, value);
    return [...check(value, name, path), ...words.map((reason) => say(path, `${reason} (${limit?.says})`))];
  };

  return check(values, inputOf(service, operation), "");
}

const quoted = (value: unknown) => {
  const text = String(value);
  return `"${text.length > 80 ? `${text.slice(0, 80)}…` : text}"`;
};

/** The allowed range as text, if the number is outside. */
function range(
  number: number,
  { min = -Infinity, max = Infinity }: Pick<ModelShape, "min" | "max">,
): string[] {
  if (number >= min && number <= max) return [];
  const allowed =
    max === Infinity ? `at least ${min}` : min === -Infinity ? `at most ${max}` : `${min} to ${max}`;
  return [`allowed are ${allowed}, found ${number}`];
}

/** Why a scalar doesn't match a shape. */
function refusals(value: unknown, shape: ModelShape): string[] {
  if (typeof value === "object" || typeof value === "boolean") return [];
  if (/^(integer|long|float|double)$/.test(shape.type)) {
    const number = Number(value);
    return Number.isNaN(number) ? [`${quoted(value)} isn't a number`] : range(number, shape);
  }
  if (shape.type !== "string") return [];
  const text = String(value);
  if (text.includes(UNKNOWN)) return [];
  const length = range([...text].length, shape).map((reason) => `${reason} characters in ${quoted(text)}`);
  const pattern =
    shape.pattern === undefined || whole(shape.pattern).test(text)
      ? []
      : [`${quoted(text)} doesn't match ${shape.pattern}`];
  const choice =
    shape.enum === undefined || shape.enum.includes(text)
      ? []
      : [`${quoted(text)} isn't one of ${shape.enum.join(", ")}`];
  return [...length, ...pattern, ...choice];
}

const patterns = new Map<string, RegExp>();

/**
 * A model's pattern, anchored. Some need the `u` flag for `\p{L}`, others are invalid with it. JavaScript has no flags
 * inside a pattern, such as Java's `(?i)` (without it, case is compared as written), and reads the hyphen of `\p{Z}-_`
 * as a range.
 */
export function whole(pattern: string): RegExp {
  const plain = pattern.replaceAll("(?i)", "").replaceAll("\\p{Z}-_", "\\p{Z}\\-_");
  const known = patterns.get(pattern) ?? compile(`^(?:${plain})$`);
  patterns.set(pattern, known);
  return known;
}

function compile(source: string): RegExp {
  try {
    return new RegExp(source, "u");
  } catch {
    return new RegExp(source);
  }
}

/** Why a value exceeds a limit. Documents count without white space and unknown parts. */
function refusedBy(limit: Limit, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => refusedBy(limit, item));
  if (typeof value === "object" && value !== null) return [];
  const text = String(value);
  if ("document" in limit) {
    const size = Buffer.byteLength(compact(text.replaceAll(UNKNOWN, "")));
    return size > limit.document ? [`${size} bytes of JSON`] : [];
  }
  if (text.includes(UNKNOWN)) return [];
  if ("number" in limit) return range(Number(text), { min: limit.number[0], max: limit.number[1] });
  if ("oneOf" in limit)
    return limit.oneOf.map(String).includes(text) ? [] : [`${quoted(text)} isn't allowed`];
  const { min = 0, max = Infinity } = limit;
  return [
    ...range(text.length, { min, max }).map((reason) => `${reason} characters in ${quoted(text)}`),
    ...(limit.pattern.test(text) ? [] : [`${quoted(text)} isn't allowed`]),
  ];
}

function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
