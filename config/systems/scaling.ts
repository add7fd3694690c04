import { z } from "zod";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import { autoscalingFaults } from "./scaling-faults";
import { pace } from "./scaling-pace";
import { window } from "./scaling-schedule";
import { choice, integer, list } from "../values";

/** Autoscaling settings, with or without KEDA. See `docs/scaling.md`. */

/** Queues of a system that a workload takes messages from. */
const queuesOf = (system: Pick<SystemSpec, "stores">, workload: WorkloadSpec): string[] =>
  Object.values(workload.env).flatMap((source) => {
    const [store = "", output = ""] = "from" in source ? source.from.split(".") : [];
    return system.stores[store]?.kind === "queue" && ["url", "receiveUrl"].includes(output) ? [store] : [];
  });

/** One of the names that the workload reads. */
const readBy = (names: readonly string[], what: string) => {
  const [first, ...more] = names;
  return first === undefined
    ? z.undefined({ error: `nothing: the workload reads no ${what}` }).optional()
    : choice([first, ...more]).optional();
};

/** Schema of `autoscaling` of one workload. */
export const autoscaling = (system: Pick<SystemSpec, "stores">, workload: WorkloadSpec) =>
  z
    .strictObject({
      min: integer(1, 100, "pods"),
      max: integer(1, 500, "pods"),
      cpu: integer(1, 100, "percent")
        .optional()
        .describe("Target of the average CPU usage, in percent of the request."),
      memory: integer(1, 100, "percent")
        .optional()
        .describe("Target of the average memory usage, in percent of the request."),
      requestsPerMinute: integer(1, 1_000_000, "requests per minute")
        .optional()
        .describe(
          "Target requests per minute and pod. The minute is AWS' unit of requests per target, which M's document uses (\"1000 requests per instance\"); 1000 per second would exceed its pods' capacity.",
        ),
      latencySeconds: z
        .number({ error: "a number of seconds, 0.01 to 60" })
        .min(0.01, { error: "a number of seconds, 0.01 to 60", abort: true })
        .max(60, { error: "a number of seconds, 0.01 to 60", abort: true })
        .optional()
        .describe("Target of the 95th percentile of response times, in seconds."),
      queue: z
        .strictObject({
          queue: readBy(queuesOf(system, workload), "queue").describe(
            "Queue (SQS) that the workload receives messages from.",
          ),
          consumer: readBy(workload.consumes ?? [], "consumer").describe(
            "Consumer (JetStream) that the workload reads as, `<store>.<stream>.<consumer>`.",
          ),
          messages: integer(1, 1_000_000, "messages"),
        })
        .optional(),
      schedule: list(window, "a list of { start, end, timezone, pods }", { min: 1 })
        .optional()
        .describe("Times with more pods than `min`."),
      behaviour: z
        .strictObject({
          up: pace({ stabilizationSeconds: 0, percent: 100, pods: 4 }),
          down: pace({ stabilizationSeconds: 300, percent: 50 }),
        })
        .prefault({})
        .describe("How fast it scales up and down."),
      fallback: z
        .strictObject({ failures: integer(1, 100, "failures"), pods: integer(1, 500, "pods") })
        .optional()
        .describe(
          "Fallback while a metric is unavailable. Default: `min` pods after 3 consecutive failures.",
        ),
    })
    .superRefine((value, context) => {
      for (const fault of autoscalingFaults(value, workload.listen?.metrics !== undefined))
        context.addIssue({ code: "custom", ...fault });
    });

export type AutoscalingSettings = z.output<ReturnType<typeof autoscaling>>;

/** Targets that only KEDA can measure. CPU and memory only need a HorizontalPodAutoscaler. */
export const kedaTargets = ["requestsPerMinute", "latencySeconds", "queue", "schedule"] as const;

/** Targets that need Prometheus. */
export const prometheusTargets = ["requestsPerMinute", "latencySeconds"] as const;

/** Whether a workload is scaled by KEDA. */
export const needsKeda = (scaling: AutoscalingSettings): boolean =>
  kedaTargets.some((target) => scaling[target] !== undefined);
