import { z } from "zod";
import { integer } from "./values";

/** SQS's own limits. Source: Amazon SQS developer guide, message quotas. */
export const queue = z
  .strictObject({
    visibilitySeconds: integer(1, 43200, "seconds").describe(
      "A message that was received and not deleted comes back after this. Longer than the work on one takes.",
    ),
    retentionDays: integer(1, 14, "days").describe("A message that nobody takes is thrown away after this."),
    maxReceives: integer(1, 1000, "receives").describe(
      "A message that was received so often and never deleted goes to the dead-letter queue.",
    ),
    deadLetterDays: integer(1, 14, "days").describe(
      "The dead-letter queue keeps a message for so long, counted from when it was first sent.",
    ),
    alarmAgeMinutes: integer(1, 20160, "minutes").describe(
      "Age of the oldest waiting message, from which on an alarm is raised.",
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
        `less than retentionDays (${retentionMinutes} minutes), or messages are gone before anybody hears of it`,
      );
  });

export type QueueSettings = z.infer<typeof queue>;
