import { z } from "zod";
import type { WorkloadSpec } from "../systems/spec";
import { flag, integer, pattern } from "./values";

/** How a new version of a workload takes the old one's place. */

export const strategies = ["rolling", "blue-green", "canary"] as const;

/** Seconds that a release is watched after a switch: two minutes until there are figures, five looks a minute apart. */
export const watch = { delay: 120, interval: 60, looks: 5 } as const;

/** Least seconds that the old version is kept where the switch is watched: the watch, and a minute to switch back. */
const watched = watch.delay + watch.interval * watch.looks;

const rolling = z.strictObject({ strategy: z.literal("rolling") });

/** Watch error rate and latency while the version comes in, and take it back where they are bad. */
const analysis = flag.default(false);

const blueGreen = z
  .strictObject({
    strategy: z.literal("blue-green"),
    /** Pods of the new version before the switch. Default: as many as serve. */
    previewReplicas: integer(1, 500, "pods").optional(),
    /** Seconds for which the new version has to answer before it is switched to. */
    verifySeconds: integer(10, 3600, "seconds").default(60),
    /** Seconds that the old version runs on after the switch, so that the way back is a switch too. */
    keepSeconds: integer(30, 3600, "seconds").default(600),
    analysis,
  })
  .superRefine(({ analysis: watches, keepSeconds }, context) => {
    if (watches && keepSeconds < watched)
      context.addIssue({
        code: "custom",
        path: ["keepSeconds"],
        message: `at least ${watched} seconds, for which the switch is watched; or no analysis`,
      });
  });

const rising = "percentages that rise and end at 100, such as [10, 50, 100]";

const header = z.strictObject({
  /** Name of the header. The load balancer takes 40 characters. */
  name: pattern(/^[A-Za-z][A-Za-z0-9-]{0,39}$/, 'a header\'s name, such as "canary"'),
  /** Value that sends a request to the new version. */
  value: pattern(/^[\w.-]{1,128}$/, 'a header\'s value, such as "true"'),
});

const nothing = (why: string) => z.undefined({ error: `nothing: ${why}` }).optional();

/** Where a load balancer stands before the workload it weighs the requests; elsewhere the pods' numbers do. */
const canary = ({ exposure }: WorkloadSpec) =>
  z.strictObject({
    strategy: z.literal("canary"),
    /** Percent of the requests that the new version is given, step by step. */
    steps: z
      .array(integer(1, 100, "percent"), { error: rising })
      .refine(
        (steps) =>
          steps.at(-1) === 100 && steps.every((step, at) => at === 0 || step > (steps[at - 1] ?? step)),
        { error: rising },
      ),
    /** Seconds between two steps. */
    pauseSeconds: integer(10, 3600, "seconds").default(300),
    analysis,
    header:
      exposure === undefined
        ? nothing("the workload isn't public, and only the load balancer reads headers")
        : header.optional(),
    /** Percent of the pods that may stand beside the others meanwhile. */
    maxSurge:
      exposure === undefined
        ? integer(1, 100, "percent").default(25)
        : nothing(
            "the old version stays whole until the last step, so that the way back takes no pod's start",
          ),
  });

export type RollingSettings = z.infer<typeof rolling>;
export type BlueGreenSettings = z.infer<typeof blueGreen>;
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
    .discriminatedUnion("strategy", [rolling, blueGreen, canary(spec)], {
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
  if (strategy === "canary" && exposure.some(({ sticky }) => sticky === true))
    return '"rolling" or "blue-green": browsers stay with an instance, and would stay with a version that was taken back';
  return undefined;
}

/** How a workload's new versions come in, where its settings may leave it open: a rolling update. */
export const releaseOf = (settings: { readonly release?: ReleaseSettings | undefined }): ReleaseSettings =>
  settings.release ?? { strategy: "rolling" };
