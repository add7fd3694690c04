import { z } from "zod";
import { choice, integer, list } from "../values";

/** Lowest objective: below it, a burn rate of 14.4 would need more errors than requests. */
const lowest = 95;

/** Failures of a system. `config/recovery/recovery.ts` derives the recovery time and the lost data of each. */
const failures = [
  "bad-release",
  "lost-pod",
  "lost-node",
  "lost-zone",
  "lost-database",
  "wrong-data",
  "wrong-files",
  "wrong-objects",
  "deleted-stream",
  "deleted-resources",
  "lost-region",
] as const;

export type Failure = (typeof failures)[number];

const recovery = z.strictObject({
  rtoHours: z
    .number({ error: "hours, such as 4" })
    .min(0.25, { error: "at least 0.25 hours" })
    .max(720, { error: "at most 720 hours" })
    .describe("Recovery time objective: hours until the system serves again, 0.25 to 720."),
  rpoMinutes: integer(0, 43200, "minutes").describe(
    "Recovery point objective: minutes of data that may be lost, 0 to 43200.",
  ),
  notCovered: list(choice(failures), `a list of ${failures.join(", ")}`)
    .default([])
    .describe("Failures in which these objectives don't have to be met."),
});

/** Objectives of a system over 30 days. Needs `cluster.operators.prometheus`, which measures it. */
export const objectives = z.strictObject({
  recovery: recovery
    .optional()
    .describe(
      "Recovery objectives. A stack file whose settings don't meet them is refused, with the calculation: docs/recovery.md.",
    ),
  availabilityPercent: z
    .number({ error: "a percentage, such as 99.9" })
    .min(lowest, { error: `a percentage of ${lowest} or more` })
    .max(99.99, {
      error: "at most 99.99: 100 leaves no error budget, and less than 0.01 % is too little to measure",
    })
    .describe("Percent of the requests to its public APIs that don't fail with a 5xx status, such as 99.9."),
});

export type ObjectiveSettings = z.infer<typeof objectives>;
