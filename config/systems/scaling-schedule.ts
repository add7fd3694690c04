import { z } from "zod";
import { cron } from "../cron";
import { integer, text, where } from "../values";

/** Whether a time zone exists, in this exact spelling: KEDA's lookup is case-sensitive. */
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
    timezone: where(text(zoneName, 64), isZone, `a quoted string, ${zoneName}`),
    pods: integer(1, 500, "pods"),
  })
  .superRefine(({ start, end }, context) => {
    if (start === end)
      context.addIssue({ code: "custom", path: ["end"], message: `a time other than start (${start})` });
  });
