import { z } from "zod";
import { host, integer } from "./values";

/** Traces of the workloads: the share that is kept. Default: none are collected. */
export const traces = z
  .strictObject({
    sharePercent: integer(0, 100, "percent").describe(
      "Share of the traces that are kept. All slow traces and those with an error are kept.",
    ),
    slowMilliseconds: integer(10, 60_000, "milliseconds").describe(
      "A trace that takes longer is always kept.",
    ),
    host: host
      .optional()
      .describe(
        "Host of Jaeger's page, below one of plinth:edge.zones, behind single sign-on. Default: it has none.",
      ),
    replicas: integer(1, 5, "pods").describe("Pods of the gateway, which samples traces, and of Jaeger."),
  })
  .optional();

export type TraceSettings = NonNullable<z.infer<typeof traces>>;
