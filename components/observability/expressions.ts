/**
 * Questions to Prometheus about a workload's HTTP requests, each answered by one number. Scaling, analysis of a
 * release and alerts ask the same ones.
 *
 * The metrics are those that A's document names (`http_requests_total` with `status_code`,
 * `http_request_duration_seconds`); the other systems' images are to have the same. M's document says `status`: one
 * word for all. Prometheus' operator adds `namespace` and
 * `pod`, the PodMonitors `service`.
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

const labels = (scope: Scope) =>
  `namespace="${scope.namespace}",${"service" in scope ? `service="${scope.service}"` : `pod=~"${scope.pods}"`}`;

const rate = (metric: string, scope: Scope, over: string, more = "") =>
  `rate(${metric}{${labels(scope)}${more}}[${over}])`;

/** Requests a second, of all pods together. */
export const requestRate = (scope: Scope, over = usual): string => `sum(${rate(requests, scope, over)})`;

/** Share of requests that the server failed to answer, 0 to 1. Without any requests: no number (NaN), or none at all. */
export function errorRate(scope: Scope, over = usual): string {
  const failed = rate(requests, scope, over, ',status_code=~"5.."');
  // Without a single error there is no series to sum.
  return `(sum(${failed}) or vector(0)) / ${requestRate(scope, over)}`;
}

/** Seconds within which 95 of 100 requests are answered. Without any requests: no number (NaN), or none at all. */
export const latencyP95 = (scope: Scope, over = usual): string =>
  `histogram_quantile(0.95, sum by (le) (${rate(durations, scope, over)}))`;
