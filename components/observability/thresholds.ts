/**
 * Thresholds, wherever they are used: alerts, the analysis of a release, the load test. Source: requirement OBS-2, which
 * the systems' documents agree on; the others are ours, since the documents name the alert without a number.
 */
export const thresholds = {
  /** Share of requests that end in an error. */
  errorRate: 0.05,
  /** Seconds within which 95 of 100 requests are answered. */
  p95Seconds: 1,
  /** Seconds within which 95 of 100 database queries end: a request must not spend all of its own second on one. */
  queryP95Seconds: 0.5,
  /** Share of a limit or a quota that may be used for long. */
  resourceShare: 0.9,
  /** Share of a volume that may be full. */
  volumeShare: 0.85,
  /** Restarts of one container in an hour. */
  restartsPerHour: 3,
  /** Messages that may wait for one consumer of a NATS stream. */
  pendingMessages: 1000,
  /** Days before its end at which a certificate must have been renewed: cert-manager renews after two thirds. */
  certificateDays: 7,
  /** Share of `max_connections` that may be open. Source: AMS' document, 90 of PostgreSQL's default of 100. */
  connectionShare: 0.9,
} as const;
