/**
 * Thresholds for alerts, release analysis and the load test. Source: requirement OBS-2, where the systems' documents
 * agree; the others are ours, since the documents name the alert without a number.
 */
export const thresholds = {
  /** Share of failed requests. */
  errorRate: 0.05,
  /** 95th percentile of response times, in seconds. */
  p95Seconds: 1,
  /** 95th percentile of query times, in seconds: one query must not take all of a request's second. */
  queryP95Seconds: 0.5,
  /** Share of a limit or quota that sustained usage may reach. */
  resourceShare: 0.9,
  /** Share of a volume that may be used. */
  volumeShare: 0.85,
  /** Restarts of one container per hour. */
  restartsPerHour: 3,
  /** Pending messages of one consumer of a NATS stream. */
  pendingMessages: 1000,
  /**
   * Days before expiry by which a certificate must be renewed: cert-manager renews after two thirds of its lifetime.
   */
  certificateDays: 7,
  /** Share of `max_connections` that may be open. Source: AMS' document, 90 of PostgreSQL's default of 100. */
  connectionShare: 0.9,
  /** Minutes that a workload's transaction may stay open: longer ones hold locks and keep vacuum from freeing space. */
  transactionMinutes: 30,
} as const;
