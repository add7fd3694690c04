import { z } from "zod";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import { cron } from "../cron";
import { httpPath, integer, list, ordinal } from "../values";

/** A requested path, and its expected status. Default: any from 200 to 399. */
export const asked = z.strictObject({
  path: httpPath,
  status: ordinal(200, 499, "the status of an answer")
    .optional()
    .describe("Expected error status, such as 401 for a path that requires a login."),
});

export type Asked = z.infer<typeof asked>;

/** A load test of a system's API from inside the cluster. It uses the alerts' thresholds. Default: no load test. */
export const loadTest = z.strictObject({
  schedule: cron.optional().describe("Cron schedule, in UTC. Default: it is only started manually."),
  users: integer(1, 1000, "users").describe("Concurrent users, each with one request per second and path."),
  minutes: integer(1, 240, "minutes").describe("Minutes at full load."),
  paths: list(
    z.union([httpPath.transform((path): Asked => ({ path })), asked], {
      error: 'a path such as "/health", or { path, status }',
    }),
    "a list of paths",
    { min: 1 },
  ).describe(
    "Paths that each user requests in turn. They must not change anything, and may have an expected `status`. Choose the most used ones; without a login most return 401, which is less load for the API.",
  ),
});

export type LoadTestSettings = z.infer<typeof loadTest>;

/** The workload that a load test calls: the first API. A system without one has no load test. */
export const apiOf = (spec: SystemSpec): WorkloadSpec | undefined =>
  Object.values(spec.workloads).find(({ component, listen }) => component === "api" && listen !== undefined);
