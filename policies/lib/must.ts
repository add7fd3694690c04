import type { ResourceRemediation, ResourceValidationPolicy } from "@pulumi/policy";
import { type Demand, partsOf } from "../../standards/demands";
import type { Test } from "../../standards/tests";
import { type Control, onTypes } from "./control";
import { isLater, isRecord, plain, shown, skipUnknown, valuesAt } from "./wire";

/** Input of a row's condition. */
export interface Whole {
  /** The whole resource, without the SDK's proxies. */
  props: Record<string, unknown>;
  protect: boolean;
}

/**
 * One row of a policy: a path (`[]` for each item of a list, `\.` for a dot in a key), what its value must be, and
 * optionally a condition.
 */
export type Row = readonly [path: string, test: Test, when?: (whole: Whole) => boolean];

/** "These properties must be X": a policy as rows of data. */
export function must(
  types: readonly string[],
  control: Control,
  rows: readonly Row[],
): ResourceValidationPolicy {
  const demands = rows.map(([path, test]): Demand => ({ path, test }));
  return Object.assign(
    onTypes<object>(types, control, (resource, { args, report }) => {
      const props = plain(resource);
      if (!isRecord(props)) return;
      const whole = { props, protect: args.opts.protect };
      const due = demands.filter((_, index) => rows[index]?.[2]?.(whole) !== false);
      holdTo(props, due, report);
    }),
    { reads: { types, paths: [...new Set(rows.map(([path]) => path))] } },
    control.remediates === true && { remediateResource: remedy(types, rows) },
  );
}

/**
 * Corrects each property that has only one allowed value. Properties are set in place, as the SDK expects: a copy would
 * lose the marks of secrets. Lists must be corrected manually.
 */
function remedy(types: readonly string[], rows: readonly Row[]): ResourceRemediation {
  return ({ type, opts, props }) => {
    const own = plain(props);
    if (!types.includes(type) || !isRecord(own)) return undefined;
    const wrong = rows.filter(
      ([path, test, when]) =>
        test.only !== undefined &&
        (when === undefined || when({ props: own, protect: opts.protect })) &&
        valuesAt(own, path).some(({ value }) => !isLater(value) && !test.holds(value)),
    );
    for (const [path, { only }] of wrong) set(own, partsOf(path), only);
    return wrong.length > 0 ? props : undefined;
  };
}

function set(holder: Record<string, unknown>, path: ReturnType<typeof partsOf>, value: unknown): void {
  const [part, ...rest] = path;
  if (part === undefined || part.list) return;
  if (rest.length === 0) holder[part.key] = value;
  else {
    const inner = holder[part.key];
    if (!isRecord(inner)) holder[part.key] = {};
    set(holder[part.key] as Record<string, unknown>, rest, value);
  }
}

/**
 * Reports each property of `holder` that doesn't meet its demand. If a value is known only after `up`, the check ends with
 * an advisory violation, like the SDK's own.
 *
 * @param pod The container's pod, for demands that either can meet.
 */
export function holdTo(
  holder: unknown,
  demands: readonly Demand[],
  report: (message: string) => void,
  pod?: unknown,
): void {
  let unknown: string | undefined;
  for (const { path, test, where, orPod } of demands) {
    if (where && !valuesAt(holder, where.path).some(({ value }) => where.test.holds(value))) continue;
    const own = valuesAt(holder, path);
    const inherited = orPod && own.every(({ value }) => value === undefined || value === null);
    for (const found of inherited ? valuesAt(pod, path) : own) {
      if (isLater(found.value)) {
        if (!test.later) unknown ??= found.path;
      } else if (!test.holds(found.value))
        report(`${found.path}${stated(found.value, test)} must be ${test.words}.`);
    }
  }
  if (unknown !== undefined) skipUnknown(unknown);
}

/** The value found, for a message. Left out if the demand says it, or for a list of objects, which is long. */
function stated(value: unknown, { words }: Test): string {
  const isSaid = words === "set" && (value === undefined || value === null);
  const isLong = Array.isArray(value) && value.some(isRecord);
  return isSaid || isLong ? "" : ` is ${brief(value)}; it`;
}

function brief(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (!isRecord(value)) return shown(value);
  const keys = Object.keys(value);
  return keys.length === 0 ? "an empty object" : `an object with ${keys.join(", ")}`;
}
