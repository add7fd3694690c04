import { errorRate, latencyP95, queryP95, type Scope } from "../expressions";
import { thresholds } from "../thresholds";
import type { Alert } from "./alert";

/** A workload that serves metrics. */
export interface ServedBy {
  readonly namespace: string;
  /** Its Service: the label `service` of its metrics. */
  readonly service: string;
  readonly team: string;
  /** Minutes for which HighErrorRate must hold. The documents differ: 5 in AMS', 2 in Asset Management's. */
  readonly errorMinutes: number;
}

const scopeOf = ({ namespace, service }: ServedBy): Scope => ({ namespace, service });

const common = ({ namespace, service, team }: ServedBy) => ({ team, labels: { namespace, service } });

/**
 * Alerts on a workload's requests, as AMS' and Asset Management's documents name them.
 *
 * - HighErrorRate. The documents say `rate(http_requests_total{status_code=~"5.."}[5m]) > 0.05`, which compares errors
 *   a second of one pod and path with 0.05. The intended value is the share of failed requests over all pods.
 * - HighResponseTime. The document says `histogram_quantile(0.95, http_request_duration_seconds) > 1`, but a quantile
 *   needs the buckets, as rates, summed by `le`: a counter since the pod's start hardly changes later.
 * - DatabaseSlowQueries. The document says `pg_stat_database_xact_commit{datname="asset_management"} > 1000`, which
 *   counts committed transactions since the server's start and is true permanently after the first thousand. The metric
 *   that measures queries is AMS' own `database_query_duration_seconds`.
 *
 * Without requests the share and the quantile are NaN, and no alert fires.
 */
export function requestAlerts(served: ServedBy, measuresQueries: boolean): Alert[] {
  const scope = scopeOf(served);
  const { errorRate: share, p95Seconds, queryP95Seconds } = thresholds;
  return [
    {
      name: "HighErrorRate",
      expr: `${errorRate(scope, "5m")} > ${share}`,
      for: `${served.errorMinutes}m`,
      severity: "critical",
      summary: `High error rate detected: {{ $value | humanizePercentage }} of the requests to ${served.service} fail`,
      description:
        "Users get 5xx errors. If a release is running, abort it. Otherwise read the workload's log, and check what it calls: database, cache, queue.",
      ...common(served),
    },
    {
      name: "HighResponseTime",
      expr: `${latencyP95(scope, "5m")} > ${p95Seconds}`,
      for: "10m",
      severity: "warning",
      summary: `P95 response time of ${served.service} > ${p95Seconds}s: {{ $value | humanizeDuration }}`,
      description:
        "The slowest 5 % of requests take longer than the objective. Check whether ContainerCpuHigh or DatabaseSlowQueries fires, then the services that the workload calls.",
      ...common(served),
    },
    {
      name: "MetricsMissing",
      expr: `absent(up{namespace="${served.namespace}",service="${served.service}"} == 1)`,
      for: "10m",
      severity: "critical",
      summary: `No pod of ${served.service} serves metrics`,
      description:
        "No other alert on its requests can fire, and autoscaling and release analysis have no data. Check whether its pods run, then the network policies.",
      ...common(served),
    },
    ...(measuresQueries ? [slowQueries(served)] : []),
  ];

  function slowQueries(of: ServedBy): Alert {
    return {
      name: "DatabaseSlowQueries",
      expr: `${queryP95(scopeOf(of), "5m")} > ${queryP95Seconds}`,
      for: "5m",
      severity: "warning",
      summary: `Database experiencing slow queries: P95 of the queries of ${of.service} is {{ $value | humanizeDuration }}`,
      description:
        "Requests that wait for these queries are slow. Performance Insights of the RDS instance names the queries and what they wait for.",
      ...common(of),
    };
  }
}

/** A pair of windows, and the burn rate that the error budget must exceed in both. */
interface Burn {
  readonly long: string;
  readonly short: string;
  readonly factor: number;
  readonly severity: "critical" | "warning";
}

/**
 * Burn rates for an objective over 30 days. Source: Google, The Site Reliability Workbook, Alerting on SLOs, table 5-8.
 */
const burns: readonly Burn[] = [
  { long: "1h", short: "5m", factor: 14.4, severity: "critical" },
  { long: "6h", short: "30m", factor: 6, severity: "critical" },
  { long: "3d", short: "6h", factor: 1, severity: "warning" },
];

/**
 * Alerts on the burn rate of a public API's error budget. The short window resolves the alert soon after the errors
 * stop.
 *
 * @param availabilityPercent Share of requests in 30 days that must not fail with a 5xx status; below 100.
 */
export function objectiveAlerts(served: ServedBy, availabilityPercent: number): Alert[] {
  // Rounded, since 100 - 99.9 isn't exactly 0.1 in floating point.
  const budget = Number(((100 - availabilityPercent) / 100).toFixed(6));
  const scope = scopeOf(served);
  return burns.map(({ long, short, factor, severity }) => {
    const bound = Number((factor * budget).toFixed(6));
    return {
      name: "ErrorBudgetBurn",
      expr: `${errorRate(scope, long)} > ${bound} and ${errorRate(scope, short)} > ${bound}`,
      for: "2m",
      severity,
      summary: `Error budget burn rate of ${served.service} is above ${factor} (last ${long})`,
      description:
        severity === "critical"
          ? "The error budget of 30 days is used up soon if errors continue. Treat it as HighErrorRate."
          : "The error budget of 30 days is used up by their end if errors continue. Fix the cause before the next release.",
      team: served.team,
      labels: { namespace: served.namespace, service: served.service, window: long },
    };
  });
}
