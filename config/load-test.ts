import { z } from "zod";
import type { SystemSpec, WorkloadSpec } from "../systems/spec";
import { cron } from "./cron";
import { httpPath, integer, list } from "./values";

/** A path that is asked, and the answer that counts as right. Default: any from 200 to 399. */
export const asked = z.strictObject({
  path: httpPath,
  status: integer(200, 499, "the status of an answer")
    .optional()
    .describe("One that is an error elsewhere, such as 401 where only who has logged in is let in."),
});

export type Asked = z.infer<typeof asked>;

/**
 * A load test of a system's API from inside the cluster. What it must hold are the alerts' own thresholds. Leave it
 * out, and there is none.
 */
export const loadTest = z.strictObject({
  schedule: cron
    .optional()
    .describe("When it runs, as cron writes it, in UTC. Default: when somebody starts it."),
  users: integer(1, 1000, "users").describe("Users at once, each with a request a second and path."),
  minutes: integer(1, 240, "minutes").describe("Minutes at full load."),
  paths: list(
    z.union([httpPath.transform((path): Asked => ({ path })), asked], {
      error: 'a path such as "/health", or { path, status }',
    }),
    "a list of paths",
    { min: 1 },
  ).describe(
    "What is asked for, by each user in turn: paths that change nothing, each alone or with the `status` that it answers with. Best are the ones that people use most; who has no login gets 401 from most of them, which loads the API less.",
  ),
});

export type LoadTestSettings = z.infer<typeof loadTest>;

/** The workload that a load test asks: the first API. A system without one takes no load test. */
export const apiOf = (spec: SystemSpec): WorkloadSpec | undefined =>
  Object.values(spec.workloads).find(({ component, listen }) => component === "api" && listen !== undefined);
