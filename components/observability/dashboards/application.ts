import { PercentUnit, RequestsPerSecond, Seconds, Short } from "@grafana/grafana-foundation-sdk/units";
import { cloudMetrics } from "../cloud-metrics";
import { quantileBy, requestsBy, statusShareBy } from "../expressions";
import { thresholds } from "../thresholds";
import { selectedNamespaces, cloudQuery, query, type Plan } from "./dashboard";

const by = "namespace, service";
const legend = "{{namespace}}/{{service}}";
const durations = "http_request_duration_seconds_bucket";

/** AMS' application dashboard: requests, response times, errors, active users, database connections. */
export const application: Plan = {
  uid: "application",
  title: "Application",
  description: "Requests to the public and internal APIs, as the workloads report them.",
  rows: {
    Requests: [
      {
        title: "Requests",
        unit: RequestsPerSecond,
        queries: [query(requestsBy(selectedNamespaces, by), legend)],
      },
      {
        title: "Server errors (5xx)",
        unit: PercentUnit,
        max: 1,
        threshold: thresholds.errorRate,
        queries: [query(statusShareBy(selectedNamespaces, by, "5.."), legend)],
        description: "Share of requests. Red above the threshold of HighErrorRate.",
      },
      {
        title: "Client errors (4xx)",
        unit: PercentUnit,
        max: 1,
        queries: [query(statusShareBy(selectedNamespaces, by, "4.."), legend)],
      },
    ],
    "Response time": [0.5, 0.95, 0.99].map((quantile) => ({
      title: `P${quantile * 100}`,
      unit: Seconds,
      ...(quantile === 0.95 && { threshold: thresholds.p95Seconds }),
      queries: [query(quantileBy(quantile, durations, selectedNamespaces, by), legend)],
    })),
    Dependencies: [
      {
        title: "Active users",
        unit: Short,
        queries: [query(`max by (${by}) (active_users{${selectedNamespaces}})`, legend)],
      },
      {
        title: "Assets tracked",
        unit: Short,
        queries: [query(`max by (${by}) (assets_tracked{${selectedNamespaces}})`, legend)],
        description: "Asset Management's business metric.",
      },
      {
        title: "P95 of database queries",
        unit: Seconds,
        threshold: thresholds.queryP95Seconds,
        queries: [
          query(quantileBy(0.95, "database_query_duration_seconds_bucket", selectedNamespaces, by), legend),
        ],
      },
      {
        title: "Cache hit rate",
        unit: PercentUnit,
        max: 1,
        queries: [query(`avg by (${by}) (cache_hit_rate{${selectedNamespaces}})`, legend)],
      },
      {
        title: "Database connections",
        unit: Short,
        queries: [cloudQuery(cloudMetrics.databaseConnections, "Maximum")],
      },
    ],
  },
};
