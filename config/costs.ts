import { z } from "zod";

/** A number within bounds, whole or not. */
const within = (min: number, max: number, unit: string) => {
  const error = `a number of ${unit}, ${min} to ${max}`;
  return z.number({ error }).min(min, { error }).max(max, { error }).optional();
};

/** What the estimate assumes of an environment's use in a month, in place of the defaults in `preview/cost/usage.ts`. */
const usage = z
  .strictObject({
    spotShare: within(0.05, 1, "the on-demand price").describe(
      "Share of the on-demand price that a spot instance costs. Default: 0.4.",
    ),
    filledShare: within(0.1, 1, "a node").describe("Share of a node that pods' requests fill. Default: 0.7."),
    capacityUnits: within(0, 10_000, "capacity units").describe(
      "Load balancer capacity units in use, on average. Default: 0.5.",
    ),
    natGib: within(0, 1_000_000, "GiB").describe("GiB that pass each NAT gateway. Default: 20."),
    outGib: within(0, 1_000_000, "GiB").describe("GiB that leave for the internet. Default: 20."),
    historySeries: within(0, 1_000_000, "series").describe(
      "Series that are kept for long, with a sample a minute each. Default: 400.",
    ),
    logGib: within(0, 1_000_000, "GiB").describe("GiB of logs of each log group. Default: 0.2."),
    bucketGib: within(0, 1_000_000, "GiB").describe("GiB in each bucket. Default: 5."),
    filesGib: within(0, 1_000_000, "GiB").describe("GiB in each file system. Default: 5."),
    imageGib: within(0, 1_000_000, "GiB").describe("GiB in each image repository. Default: 2."),
  })
  .default({})
  .describe("What the monthly estimate assumes of the environment's use. Default: one that is little used.");

export const costs = z
  .strictObject({ usage })
  .default({ usage: {} })
  .describe("What the environment may cost, and what the estimate of it assumes.");

export type CostSettings = z.infer<typeof costs>;
