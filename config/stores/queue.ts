import { z } from "zod";
import { integer } from "../values";

/** SQS's own limits. Source: Amazon SQS developer guide, message quotas. */
export const queue = z
  .strictObject({
    visibilitySeconds: integer(1, 43200, "seconds").describe(
      "Visibility timeout: a received message that isn't deleted becomes visible again after this. Must exceed the processing time of a message.",
    ),
    retentionDays: integer(1, 14, "days").describe("A message that isn't received is deleted after this."),
    maxReceives: integer(1, 1000, "receives").describe(
      "A message that was received this many times and never deleted moves to the dead-letter queue.",
    ),
    deadLetterDays: integer(1, 14, "days").describe(
      "Retention of the dead-letter queue, counted from when a message was first sent.",
    ),
    alarmAgeMinutes: integer(1, 20160, "minutes").describe(
      "Age of the oldest waiting message that raises an alarm.",
    ),
  })
  .superRefine(({ retentionDays, deadLetterDays, alarmAgeMinutes }, context) => {
    const fault = (key: string, message: string) =>
      context.addIssue({ code: "custom", path: [key], message });
    if (deadLetterDays <= retentionDays)
      fault(
        "deadLetterDays",
        `more than retentionDays (${retentionDays}): a message's age counts from when it was first sent`,
      );
    const retentionMinutes = retentionDays * 24 * 60;
    if (alarmAgeMinutes >= retentionMinutes)
      fault(
        "alarmAgeMinutes",
        `less than retentionDays (${retentionMinutes} minutes), or messages are deleted before the alarm`,
      );
  });

export type QueueSettings = z.infer<typeof queue>;
