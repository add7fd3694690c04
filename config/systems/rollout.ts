import { z } from "zod";
import type { WorkloadSpec } from "../../systems/spec";
import { flag, integer, pattern } from "../values";

/** Release strategies: how a new version of a workload replaces the old one. */

const strategies = ["rolling", "blue-green", "canary"] as const;

/** Analysis after a switch, in seconds: two minutes until there are metrics, then five measurements a minute apart. */
export const watch = { delay: 120, interval: 60, looks: 5 } as const;

/** Minimum seconds that the old version is kept if the controller analyses a switch. */
const watched = watch.delay + watch.interval * watch.looks;

/** Minimum sum of a canary's pauses in seconds, if it is analysed: time for two measurements. */
const lookedAt = watch.delay + watch.interval;

/** Seconds between two steps of a canary, at least. */
export const shortestPause = 10;

const rolling = z.strictObject({ strategy: z.literal("rolling") });

/**
 * Analyse error rate and latency during the release, and roll back if they exceed the thresholds. Default: true if the
 * workload serves metrics; without Prometheus there is no analysis.
 */
const analysis = ({ listen }: WorkloadSpec) => flag.default(listen?.metrics !== undefined);

const blueGreen = (spec: WorkloadSpec) =>
  z
    .strictObject({
      strategy: z.literal("blue-green"),
      previewReplicas: integer(1, 500, "pods")
        .optional()
        .describe("Pods of the new version before the switch. Default: as many as the old version has."),
      verifySeconds: integer(10, 3600, "seconds")
        .default(60)
        .describe("Seconds for which the new version must respond before the switch."),
      keepSeconds: integer(30, 3600, "seconds")
        .default(600)
        .describe(
          "Seconds that the old version keeps running after the switch, so a rollback is only a switch.",
        ),
      analysis: analysis(spec),
    })
    .superRefine(({ analysis: watches, keepSeconds }, context) => {
      // Behind the load balancer the old version keeps all pods during the analysis; `keepSeconds` starts afterwards.
      if (spec.exposure === undefined && watches && keepSeconds < watched)
        context.addIssue({
          code: "custom",
          path: ["keepSeconds"],
          message: `at least ${watched} seconds, the length of the analysis; or no analysis`,
        });
    });

const rising = "percentages that rise and end at 100, such as [10, 50, 100]";

const header = z.strictObject({
  name: pattern(/^[A-Za-z][A-Za-z0-9-]{0,39}$/, 'a header\'s name, such as "canary"').describe(
    "Name of the header. The load balancer allows 40 characters.",
  ),
  value: pattern(/^[\w.-]{1,128}$/, 'a header\'s value, such as "true"').describe(
    "Value that routes a request to the new version.",
  ),
});

const nothing = (why: string) => z.undefined({ error: `nothing: ${why}` }).optional();

/** A load balancer weights the requests of a public workload; otherwise the ratio of pods does. */
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
        .describe("Percent of the requests that the new version gets in each step."),
      pauseSeconds: integer(shortestPause, 3600, "seconds")
        .default(300)
        .describe("Seconds between two steps."),
      analysis: analysis(spec),
      header:
        exposure === undefined
          ? nothing("the workload isn't public, and only the load balancer reads headers")
          : header.optional(),
      maxSurge: (exposure === undefined
        ? integer(1, 100, "percent").default(25)
        : nothing("the old version keeps all pods until the last step, so a rollback starts no pods")
      ).describe("Percent of additional pods during the release."),
    })
    .superRefine(({ analysis: watches, steps, pauseSeconds }, context) => {
      const pauses = steps.length - 1;
      if (!watches || pauses * pauseSeconds >= lookedAt) return;
      context.addIssue({
        code: "custom",
        path: pauses > 0 ? ["pauseSeconds"] : ["steps"],
        message:
          pauses > 0
            ? `at least ${Math.ceil(lookedAt / pauses)} seconds, so the ${pauses} pauses have time for two measurements; or no analysis`
            : `at least one step before 100, whose pause the analysis needs; or no analysis`,
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
      if (fault !== undefined)
        context.addIssue({ code: "custom", path: ["strategy"], message: fault, continue: false });
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
    return '"rolling" or "canary": the workload has no ports, so there is no Service to switch';
  if (strategy !== "rolling" && exposure.some(({ sticky }) => sticky === true))
    return '"rolling": the workload has sticky sessions, and the load balancer cannot combine them with weighted target groups';
  return undefined;
}

/** Release settings of a workload. Default: a rolling update. */
export const releaseOf = (settings: { readonly release?: ReleaseSettings | undefined }): ReleaseSettings =>
  settings.release ?? { strategy: "rolling" };
