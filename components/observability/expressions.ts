/**
 * PromQL queries about a workload's HTTP requests and database queries, each of which returns one number. Autoscaling,
 * release analysis and alerts share them.
 *
 * The metrics are those in AMS' document: `http_requests_total`, `http_request_duration_seconds` and
 * `database_query_duration_seconds`. The label of the status is `status_code` there and `status` in Asset Management's
 * document; both work. Prometheus' operator adds `namespace` and `pod`, the PodMonitors `service`.
 */

/** Selects requests of a Service's pods, or of pods by name. */
export type Scope = { readonly namespace: string } & (
  | { readonly service: string }
  /** Names of the pods, as a regular expression. */
  | { readonly pods: string }
);

/** Default window of rates: four scrapes at 30 seconds. */
const usual = "2m";

const requests = "http_requests_total";
/** Buckets of response times. */
export const durationBuckets = "http_request_duration_seconds_bucket";
const queries = "database_query_duration_seconds_bucket";
const statusLabels = ["status_code", "status"] as const;

const labels = (scope: Scope) =>
  `namespace="${scope.namespace}",${"service" in scope ? `service="${scope.service}"` : `pod=~"${scope.pods}"`}`;

const rate = (metric: string, scope: Scope, over: string, more = "") =>
  `rate(${metric}{${labels(scope)}${more}}[${over}])`;

/** Requests per second of all pods. */
export const requestRate = (scope: Scope, over = usual): string => `sum(${rate(requests, scope, over)})`;

/** Requests per second whose status matches in either label. A series with both labels counts once. */
const byStatus = (matches: string, scope: Scope, over: string) =>
  `sum(${statusLabels.map((label) => rate(requests, scope, over, `,${label}${matches}`)).join(" or ")})`;

/**
 * Share of requests that failed with a server error, 0 to 1. Requests without a status don't count. Series without
 * requests: NaN. No series: an empty result, not 0.
 */
export const errorRate = (scope: Scope, over = usual): string =>
  // Without errors there is no series to sum.
  `(${byStatus('=~"5.."', scope, over)} or vector(0)) / ${byStatus('!=""', scope, over)}`;

/** 95th percentile of response times in seconds. Series without requests: NaN. No series: an empty result. */
export const latencyP95 = (scope: Scope, over = usual): string =>
  `histogram_quantile(0.95, sum by (le) (${rate(durationBuckets, scope, over)}))`;

/** Grafana's own interval: at least four scrapes, more for a long time range. */
const shown = "$__rate_interval";

/** For dashboards and recordings: requests per second of the matching series, by labels. */
export const requestsBy = (matchers: string, by: string, over = shown): string =>
  `sum by (${by}) (rate(${requests}{${matchers}}[${over}]))`;

/**
 * For dashboards and recordings: share of requests whose status matches, by labels. Where none does it is 0.
 *
 * @param status Status as a regular expression, such as `5..`.
 */
export function statusShareBy(matchers: string, by: string, status: string, over = shown): string {
  const sum = (matches: string) =>
    `sum by (${by}) (${statusLabels.map((label) => `rate(${requests}{${matchers},${label}${matches}}[${over}])`).join(" or ")})`;
  return `(${sum(`=~"${status}"`)} or 0 * ${sum('!=""')}) / ${sum('!=""')}`;
}

/** For dashboards and recordings: a quantile of a histogram's buckets, by labels. */
export const quantileBy = (
  quantile: number,
  buckets: string,
  matchers: string,
  by: string,
  over = shown,
): string => `histogram_quantile(${quantile}, sum by (${by}, le) (rate(${buckets}{${matchers}}[${over}])))`;

/** 95th percentile of database query times in seconds, measured by the workload. */
export const queryP95 = (scope: Scope, over = usual): string =>
  `histogram_quantile(0.95, sum by (le) (${rate(queries, scope, over)}))`;
