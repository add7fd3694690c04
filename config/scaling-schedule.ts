import { z } from "zod";
import { integer, pattern, text } from "./values";

/** A field of a cron expression: `*`, numbers, ranges, steps, and lists of these. */
const field = (number: string) => {
  const part = `(?:\\*|${number}(?:-${number})?)(?:/[1-9]\\d?)?`;
  return `${part}(?:,${part})*`;
};

const fields = ["[0-5]?\\d", "(?:1?\\d|2[0-3])", "(?:[1-9]|[12]\\d|3[01])", "(?:[1-9]|1[0-2])", "[0-6]"];

/** Five fields: minute, hour, day of the month, month, day of the week (0 is Sunday). */
const cron = pattern(
  new RegExp(`^${fields.map(field).join(" ")}$`),
  'minute, hour, day, month and day of the week, such as "0 8 * * 1-5"',
);

/** Whether a time zone's name is one, spelt as it is: KEDA looks it up by the letter. */
function isZone(name: string): boolean {
  try {
    const resolved = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
    return resolved === name || resolved.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

const zoneName = 'the name of a time zone, such as "Asia/Seoul"';

/** Hours with more pods, from each `start` until the next `end`. */
export const window = z
  .strictObject({
    start: cron,
    end: cron,
    timezone: text(zoneName).refine(isZone, { error: `a quoted string, ${zoneName}` }),
    pods: integer(1, 500, "pods"),
  })
  .superRefine(({ start, end }, context) => {
    if (start === end)
      context.addIssue({ code: "custom", path: ["end"], message: `another time than start (${start})` });
  });

export type ScheduleWindow = z.output<typeof window>;
