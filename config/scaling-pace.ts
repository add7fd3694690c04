import { z } from "zod";
import { integer } from "./values";

interface Defaults {
  readonly stabilizationSeconds: number;
  readonly percent: number;
  readonly pods?: number;
}

/** Seconds in which one step of the default size is made. */
const stepSeconds = 60;

/**
 * How an autoscaler moves in one direction. Limits are those of the Kubernetes API (`HPAScalingRules`).
 *
 * @param otherwise What holds where the stack file says nothing. `percent` and `pods` hold together, so that who names
 * one of them means only that.
 */
export const pace = ({ stabilizationSeconds, ...step }: Defaults) =>
  z
    .strictObject({
      stabilizationSeconds: integer(0, 3600, "seconds")
        .default(stabilizationSeconds)
        .describe("Cooldown: the metrics must have asked for it for so long."),
      tolerancePercent: integer(0, 90, "percent")
        .optional()
        .describe(
          "Threshold: how far a metric must be off its target, in percent of the target. Default: the cluster's own, 10. Needs Kubernetes 1.35 or newer, where it is on by default (`HPAConfigurableTolerance`).",
        ),
      percent: integer(1, 900, "percent")
        .optional()
        .describe("Most that is added or taken away in one period, in percent of the pods."),
      pods: integer(1, 500, "pods")
        .optional()
        .describe(
          "Most that is added or taken away in one period, in pods. With `percent`, the larger of the two.",
        ),
      periodSeconds: integer(1, 1800, "seconds").default(stepSeconds),
    })
    .transform((given) =>
      given.percent === undefined && given.pods === undefined ? { ...given, ...step } : given,
    )
    .prefault({});

export type PaceSettings = z.output<ReturnType<typeof pace>>;
