import { z } from "zod";
import type { WorkloadSpec } from "../systems/spec";
import { flag, integer, pattern } from "./values";

/** How a new version of a workload takes the old one's place. */

export const strategies = ["rolling", "blue-green", "canary"] as const;

/** Seconds that a release is watched after a switch: two minutes until there are figures, five looks a minute apart. */
export const watch = { delay: 120, interval: 60, looks: 5 } as const;

/** Least seconds that the old version is kept where the controller watches a switch that it has made. */
const watched = watch.delay + watch.interval * watch.looks;

/** Least seconds that a canary's pauses take together where it is watched: until there are two looks. */
const lookedAt = watch.delay + watch.interval;

const rolling = z.strictObject({ strategy: z.literal("rolling") });

/**
 * Watch error rate and latency while the version comes in, and take it back where they are bad. Default: true where the
 * workload serves its metrics; without Prometheus nothing is watched.
 */
const analysis = ({ listen }: WorkloadSpec) => flag.default(listen?.metrics !== undefined);

const blueGreen = (spec: WorkloadSpec) =>
  z
    .strictObject({
      strategy: z.literal("blue-green"),
      previewReplicas: integer(1, 500, "pods")
        .optional()
        .describe("Pods of the new version before the switch. Default: as many as serve."),
      verifySeconds: integer(10, 3600, "seconds")
        .default(60)
        .describe("Seconds for which the new version has to answer before it is switched to."),
      keepSeconds: integer(30, 3600, "seconds")
        .default(600)
        .describe("Seconds that the old version runs on after the switch, so that rollback is a switch too."),
      analysis: analysis(spec),
    })
    .superRefine(({ analysis: watches, keepSeconds }, context) => {
      // Behind the load balancer the old version stays whole until the watch is over, and is kept from then on.
      if (spec.exposure === undefined && watches && keepSeconds < watched)
        context.addIssue({
          code: "custom",
          path: ["keepSeconds"],
          message: `at least ${watched} seconds, for which the switch is watched; or no analysis`,
        });
    });

const rising = "percentages that rise and end at 100, such as [10, 50, 100]";

const header = z.strictObject({
  name: pattern(/^[A-Za-z][A-Za-z0-9-]{0,39}$/, 'a header\'s name, such as "canary"').describe(
    "Name of the header. The load balancer takes 40 characters.",
  ),
  value: pattern(/^[\w.-]{1,128}$/, 'a header\'s value, such as "true"').describe(
    "Value that sends a request to the new version.",
  ),
});

const nothing = (why: string) => z.undefined({ error: `nothing: ${why}` }).optional();

/** Where a load balancer stands before the workload it weighs the requests; elsewhere the pods' numbers do. */
const canary = (spec: WorkloadSpec) => {
  const { exposure } = spec;
  return z
    .strictObject({
      strategy: z.literal("canary"),
      steps: z
        .array(integer(1, 100, "percent"), { error: rising })
        .max(20, { error: `${rising}, at most 20`, abort: true })
        .refine(
          (steps) =>
            steps.at(-1) === 100 && steps.every((step, at) => at === 0 || step > (steps[at - 1] ?? step)),
          { error: rising, abort: true },
        )
        .describe("Percent of the requests that the new version is given, step by step."),
      pauseSeconds: integer(10, 3600, "seconds").default(300).describe("Seconds between two steps."),
      analysis: analysis(spec),
      header:
        exposure === undefined
          ? nothing("the workload isn't public, and only the load balancer reads headers")
          : header.optional(),
      maxSurge: (exposure === undefined
        ? integer(1, 100, "percent").default(25)
        : nothing("the old version stays whole until the last step, so that rollback takes no pod's start")
      ).describe("Percent of the pods that may stand beside the others meanwhile."),
    })
    .superRefine(({ analysis: watches, steps, pauseSeconds }, context) => {
      const pauses = steps.length - 1;
      if (!watches || pauses * pauseSeconds >= lookedAt) return;
      context.addIssue({
        code: "custom",
        path: pauses > 0 ? ["pauseSeconds"] : ["steps"],
        message:
          pauses > 0
            ? `at least ${Math.ceil(lookedAt / pauses)} seconds, so that the ${pauses} pauses leave time for two looks; or no analysis`
            : `at least one step before 100, in whose pause the new version is looked at; or no analysis`,
      });
    });
};

export type RollingSettings = z.infer<typeof rolling>;
export type BlueGreenSettings = z.infer<ReturnType<typeof blueGreen>>;
export interface CanarySettings {
  readonly strategy: "canary";
  readonly steps: readonly number[];
  readonly pauseSeconds: number;
  readonly analysis: boolean;
  readonly header?: z.infer<typeof header> | undefined;
  readonly maxSurge?: number | undefined;
}
export type ReleaseSettings = RollingSettings | BlueGreenSettings | CanarySettings;

/** Schema of `release` of one workload. */
export function release(spec: WorkloadSpec): z.ZodType<ReleaseSettings> {
  return z
    .discriminatedUnion("strategy", [rolling, blueGreen(spec), canary(spec)], {
      error: `an object whose strategy is one of ${strategies.map((each) => `"${each}"`).join(", ")}`,
    })
    .superRefine((value, context) => {
      const fault = strategyFault(value.strategy, spec);
      if (fault !== undefined) context.addIssue({ code: "custom", path: ["strategy"], message: fault });
      if ("analysis" in value && value.analysis && spec.listen?.metrics === undefined)
        context.addIssue({
          code: "custom",
          path: ["analysis"],
          message: "false: the workload serves no metrics (`listen.metrics` in systems/)",
        });
    });
}

function strategyFault(
  strategy: ReleaseSettings["strategy"],
  { listen, exposure = [] }: WorkloadSpec,
): string | undefined {
  if (strategy === "blue-green" && listen === undefined)
    return '"rolling" or "canary": the workload listens on nothing, so there is no Service to switch';
  if (strategy !== "rolling" && exposure.some(({ sticky }) => sticky === true))
    return '"rolling": browsers stay with an instance, and the load balancer weighs no target groups that they stay with';
  return undefined;
}

/** How a workload's new versions come in, where its settings may leave it open: a rolling update. */
export const releaseOf = (settings: { readonly release?: ReleaseSettings | undefined }): ReleaseSettings =>
  settings.release ?? { strategy: "rolling" };
