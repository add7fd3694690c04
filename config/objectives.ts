import { z } from "zod";

/** Lowest objective: below it, a burn rate of 14.4 would need more errors than requests. */
const lowest = 95;

/** Objectives of a system over 30 days. Needs `cluster.operators.prometheus`, which measures it. */
export const objectives = z.strictObject({
  availabilityPercent: z
    .number({ error: "a percentage, such as 99.9" })
    .min(lowest, { error: `a percentage of ${lowest} or more` })
    .max(99.99, {
      error: "at most 99.99: 100 leaves no error budget, and less than 0.01 % is too little to measure",
    })
    .describe("Percent of the requests to its public APIs that don't fail with a 5xx status, such as 99.9."),
});

export type ObjectiveSettings = z.infer<typeof objectives>;
