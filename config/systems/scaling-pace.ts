import { z } from "zod";
import { integer } from "../values";

interface Defaults {
  readonly stabilizationSeconds: number;
  readonly percent: number;
  readonly pods?: number;
}

/** Default period of a scaling step, in seconds. */
const stepSeconds = 60;

/**
 * Scaling behavior in one direction. Limits are those of the Kubernetes API (`HPAScalingRules`).
 *
 * @param otherwise Defaults. If the stack file sets one of `percent` and `pods`, the other has no default.
 */
export const pace = ({ stabilizationSeconds, ...step }: Defaults) =>
  z
    .strictObject({
      stabilizationSeconds: integer(0, 3600, "seconds")
        .default(stabilizationSeconds)
        .describe("Stabilization window: seconds for which the metrics must require the change."),
      tolerancePercent: integer(0, 90, "percent")
        .optional()
        .describe(
          "Tolerance: how far a metric must deviate from its target, in percent of the target. Default: the cluster's, 10. Needs Kubernetes 1.35 or newer, where it is on by default (`HPAConfigurableTolerance`).",
        ),
      percent: integer(1, 900, "percent")
        .optional()
        .describe("Maximum change in one period, in percent of the pods."),
      pods: integer(1, 500, "pods")
        .optional()
        .describe("Maximum change in one period, in pods. With `percent`, the larger of the two applies."),
      periodSeconds: integer(1, 1800, "seconds").default(stepSeconds),
    })
    .transform((given) =>
      given.percent === undefined && given.pods === undefined ? { ...given, ...step } : given,
    )
    .prefault({});

export type PaceSettings = z.output<ReturnType<typeof pace>>;
