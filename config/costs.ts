import { z } from "zod";
import { schedule } from "./schedule";
import { email, integer, list } from "./values";

/** A number within bounds, whole or not. */
const within = (min: number, max: number, unit: string) => {
  const error = `a number of ${unit}, ${min} to ${max}`;
  return z.number({ error }).min(min, { error }).max(max, { error }).optional();
};

/** Monthly usage that the estimate assumes, instead of the defaults in `preview/cost/usage.ts`. */
export const usage = z
  .strictObject({
    spotShare: within(0.05, 1, "the on-demand price").describe(
      "Share of the on-demand price that a spot instance costs. Default: 0.4.",
    ),
    filledShare: within(0.1, 1, "a node").describe("Share of a node that pods' requests fill. Default: 0.7."),
    capacityUnits: within(0, 10_000, "capacity units").describe(
      "Load balancer capacity units in use, on average. Default: 0.5.",
    ),
    natGib: within(0, 1_000_000, "GiB").describe("GiB that each NAT gateway processes. Default: 20."),
    outGib: within(0, 1_000_000, "GiB").describe("GiB of data transfer to the internet. Default: 20."),
    historySeries: within(0, 1_000_000, "series").describe(
      "Series in the workspace for long-term metrics, with a sample a minute each. Default: 400.",
    ),
    logGib: within(0, 1_000_000, "GiB").describe("GiB of logs of each log group. Default: 0.2."),
    bucketGib: within(0, 1_000_000, "GiB").describe("GiB in each bucket. Default: 5."),
    filesGib: within(0, 1_000_000, "GiB").describe("GiB in each file system. Default: 5."),
    imageGib: within(0, 1_000_000, "GiB").describe("GiB in each image repository. Default: 2."),
    cdnGib: within(0, 1_000_000, "GiB").describe(
      "GiB that all CloudFront distributions transfer to clients. The first 1024 are free. Default: 20.",
    ),
    backupGib: within(0, 1_000_000, "GiB").describe(
      "GiB in each backup vault, and of each database's backups in the second region. Default: 20.",
    ),
  })
  .default({})
  .describe("Usage that the monthly estimate assumes. Default: little usage.");

/** Percentages of the budget. A budget can have ten notifications. Source: Budgets API reference, Notification. */
const shares = (otherwise: readonly number[]) =>
  list(integer(1, 1000, "percent of the budget"), "a list of percentages", { max: 5 }).default([
    ...otherwise,
  ]);

const budget = z
  .strictObject({
    usd: integer(1, 10_000_000, "US dollars a month").describe("US dollars a month."),
    actual: shares([80, 100]).describe(
      "Percentages of the budget at which AWS Budgets sends a mail about actual costs. Default: 80 and 100.",
    ),
    forecast: shares([100]).describe(
      "Percentages of the budget at which AWS Budgets sends a mail about forecast costs. A forecast needs about five weeks of bills. Default: 100.",
    ),
    emails: list(email, "a list of e-mail addresses", { min: 1, max: 10 })
      .optional()
      .describe("Recipients of the mails, at most 10 addresses. Default: plinth:alarms.emails."),
  })
  .optional()
  .describe(
    "The stack's monthly budget, by its tags Project and Environment, which the payer account must have activated for cost allocation. Default: none.",
  );

export const costs = z
  .strictObject({
    usage,
    budget,
    schedule: schedule
      .optional()
      .describe(
        "Hours in which the environment runs. Outside them its nodes are removed, its databases stopped and its alarms muted: see docs/cost.md. Default: it always runs.",
      ),
  })
  .default({ usage: {} })
  .describe("Budget of the environment, its running hours, and the assumptions of the cost estimate.");

export type CostSettings = z.infer<typeof costs>;
