/**
 * What counts as broken, wherever it is asked: alerts, the analysis of a release, the load test. Source: requirement
 * OBS-2, which the systems' documents agree on.
 */
export const thresholds = {
  /** Share of requests that end in an error. */
  errorRate: 0.05,
  /** Seconds within which 95 of 100 requests are answered. */
  p95Seconds: 1,
} as const;
