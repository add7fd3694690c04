/**
 * PromQL queries about a workload's HTTP requests and database queries, each of which returns one number. Autoscaling,
 * the analysis of a release and alerts use the same ones.
 *
 * The metrics are those that AMS' document names: `http_requests_total`, `http_request_duration_seconds` and
 * `database_query_duration_seconds`. The status is the label `status_code` there and `status` in Asset Management's
 * document: both count. Prometheus' operator adds `namespace` and `pod`, the PodMonitors `service`.
 */

/** Whose requests: a Service's, and so the pods' behind it; or those of pods by name. */
export type Scope = { readonly namespace: string } & (
  | { readonly service: string }
  /** Names of the pods, as a regular expression. */
  | { readonly pods: string }
);

/** Time that a rate is taken over, unless one says otherwise: four scrapes at 30 seconds. */
const usual = "2m";

const requests = "http_requests_total";
const durations = "http_request_duration_seconds_bucket";
const queries = "database_query_duration_seconds_bucket";
const statusLabels = ["status_code", "status"] as const;

const labels = (scope: Scope) =>
  `namespace="${scope.namespace}",${"service" in scope ? `service="${scope.service}"` : `pod=~"${scope.pods}"`}`;

const rate = (metric: string, scope: Scope, over: string, more = "") =>
  `rate(${metric}{${labels(scope)}${more}}[${over}])`;

/** Requests a second, of all pods together. */
export const requestRate = (scope: Scope, over = usual): string => `sum(${rate(requests, scope, over)})`;

/** Requests a second whose status fits, under either label. A series that has both counts once. */
const byStatus = (matches: string, scope: Scope, over: string) =>
  `sum(${statusLabels.map((label) => rate(requests, scope, over, `,${label}${matches}`)).join(" or ")})`;

/**
 * Share of requests that the server failed to answer, 0 to 1. Requests that tell no status don't count. Series but no
 * requests: NaN. No series: no answer at all, which isn't 0.
 */
export const errorRate = (scope: Scope, over = usual): string =>
  // Without a single error there is no series to sum.
  `(${byStatus('=~"5.."', scope, over)} or vector(0)) / ${byStatus('!=""', scope, over)}`;

/** Seconds within which 95 of 100 requests are answered. Series but no requests: NaN. No series: no answer. */
export const latencyP95 = (scope: Scope, over = usual): string =>
  `histogram_quantile(0.95, sum by (le) (${rate(durations, scope, over)}))`;

/** Grafana's own interval: four scrapes at least, more for a long time range. */
const shown = "$__rate_interval";

/** For dashboards: requests a second of what matches, by labels. */
export const requestsBy = (matchers: string, by: string): string =>
  `sum by (${by}) (rate(${requests}{${matchers}}[${shown}]))`;

/**
 * For dashboards: share of requests whose status matches, by labels. Where none does it is 0.
 *
 * @param status Status as a regular expression, such as `5..`.
 */
export function statusShareBy(matchers: string, by: string, status: string): string {
  const sum = (matches: string) =>
    `sum by (${by}) (${statusLabels.map((label) => `rate(${requests}{${matchers},${label}${matches}}[${shown}])`).join(" or ")})`;
  return `(${sum(`=~"${status}"`)} or 0 * ${sum('!=""')}) / ${sum('!=""')}`;
}

/** For dashboards: a quantile of a histogram's buckets, by labels. */
export const quantileBy = (quantile: number, buckets: string, matchers: string, by: string): string =>
  `histogram_quantile(${quantile}, sum by (${by}, le) (rate(${buckets}{${matchers}}[${shown}])))`;

/** Seconds within which 95 of 100 database queries end, as the workload sees them. */
export const queryP95 = (scope: Scope, over = usual): string =>
  `histogram_quantile(0.95, sum by (le) (${rate(queries, scope, over)}))`;
