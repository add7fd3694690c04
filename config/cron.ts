import { pattern, where } from "./values";

/**
 * Cron expressions, as Kubernetes and KEDA both read them (robfig/cron, five fields, no names and no `@daily`).
 * Source: Kubernetes documentation, CronJob, schedule syntax.
 */

const bounds = [
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of the month", min: 1, max: 31 },
  { name: "month", min: 1, max: 12 },
  { name: "day of the week", min: 0, max: 6 },
] as const;

/** Values that a field matches; undefined if it is invalid. */
function values(field: string, min: number, max: number): number[] | undefined {
  const found: number[] = [];
  for (const part of field.split(",")) {
    const [, from, to, step] = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/([1-9]\d?))?$/.exec(part) ?? [];
    if (from === undefined && !part.startsWith("*")) return undefined;
    const first = Number(from ?? min);
    // A number with a step is a range to the field's maximum.
    const last = to !== undefined ? Number(to) : from === undefined || step !== undefined ? max : first;
    if (first < min || last > max || first > last) return undefined;
    for (let value = first; value <= last; value += Number(step ?? 1)) found.push(value);
  }
  return found;
}

const fieldsOf = (expression: string) =>
  bounds.map(({ min, max }, index) => values(expression.split(" ")[index] ?? "", min, max));

/** Days of each month, in a leap year. */
const days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether one of the months has such a day; 31 February doesn't exist. */
function comes(expression: string): boolean {
  const [, , monthDays = [], months = []] = fieldsOf(expression);
  const anyWeekday = expression.split(" ")[4] === "*";
  return !anyWeekday || months.some((month) => monthDays.some((day) => day <= (days[month - 1] ?? 0)));
}

const what = 'minute, hour, day of the month, month and day of the week (0 is Sunday), such as "0 8 * * 1-5"';

/** A cron expression of five fields. */
export const cron = where(
  where(
    pattern(/^\S+( \S+){4}$/, what, 100),
    (value) => fieldsOf(value).every((field) => field !== undefined),
    `a quoted string, ${what}: ${bounds.map(({ name, min, max }) => `${name} ${min} to ${max}`).join(", ")}; ranges rise`,
  ),
  comes,
  "a date that exists: the month has no such day",
);
