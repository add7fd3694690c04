import type { AutoscalingSettings } from "../../../config";

/** An autoscaler of two to eight pods, by the given targets. */
export const scaling = (targets: Partial<AutoscalingSettings>): AutoscalingSettings => ({
  min: 2,
  max: 8,
  behaviour: {
    up: { stabilizationSeconds: 0, percent: 100, pods: 4, periodSeconds: 60 },
    down: { stabilizationSeconds: 600, tolerancePercent: 5, pods: 1, periodSeconds: 120 },
  },
  ...targets,
});

/** What is scaled. */
export const target = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", name: "api" };
