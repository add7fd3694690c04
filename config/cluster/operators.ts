import { z } from "zod";
import { amount } from "../quantity";
import { bytes, chartVersion, host, integer, where } from "../values";

/**
 * Operators in the cluster, each from its official chart. Their kinds and values are written for one minor version of
 * each chart; review another one before you allow it.
 */

/** Minor version of each operator's chart that its values are written for. See `docs/operators.md`. */
export const operatorSeries = {
  externalSecrets: "2.9",
  keda: "2.20",
  argoRollouts: "2.41",
  reloader: "2.2",
  nack: "0.34",
  verticalPodAutoscaler: "0.11",
  prometheus: "88.5",
  grafana: "12.11",
} as const;

export type OperatorName = keyof typeof operatorSeries;

/** Maximum pods of one part. */
const mostReplicas = 5;
export const replicas = integer(1, mostReplicas, "pods");

/** An operator from its official chart: the chart's version, and the number of pods of each part. */
const operator = (name: OperatorName) =>
  z.strictObject({
    chart: where(
      chartVersion,
      (version) => version.startsWith(`${operatorSeries[name]}.`),
      `a chart of the series ${operatorSeries[name]}, which its values are written for; docs/operators.md describes an upgrade`,
    ),
    replicas,
  });

/**
 * Expected maximum of Prometheus' series, and bytes per sample on disk. Sources: the sizes of its pods in
 * `components/cluster/operators/prometheus-values.ts`; Prometheus, storage, operational aspects (1 to 2 bytes).
 */
const expected = { series: 100_000, bytesPerSample: 2, secondsBetweenSamples: 30 } as const;

/** Bytes of the metrics of some days, by that estimate. */
const metricsBytes = (days: number): number =>
  days * (86_400 / expected.secondsBetweenSamples) * expected.series * expected.bytesPerSample;

/** Share of Prometheus' volume for metrics; the rest is for compaction. Source: Prometheus, storage. */
export const filledShare = 0.8;

/** Source: Amazon Managed Service for Prometheus user guide, quotas, retention time for ingested data. */
const mostHistoryDays = 1095;

/** Prometheus' own volume holds the metrics of fewer days. */
const leastHistoryDays = 31;

const gibibytes = (count: number) => `${Math.ceil(count / 2 ** 30)}Gi`;

/** Operators in the cluster. Those that nothing needs may be left out. */
export const operators = z.strictObject({
  externalSecrets: operator("externalSecrets"),
  keda: operator("keda").optional(),
  argoRollouts: operator("argoRollouts").optional(),
  reloader: operator("reloader")
    .optional()
    .describe("Restarts pods after a rotation: `credentials.rotationDays` needs it."),
  nack: operator("nack")
    .extend({ replicas: z.literal(1, { error: "1: the chart runs one controller" }) })
    .optional()
    .describe("Its chart runs one controller, without leader election."),
  verticalPodAutoscaler: operator("verticalPodAutoscaler").optional(),
  prometheus: operator("prometheus")
    .extend({
      replicas: integer(1, 2, "servers").describe(
        "Servers that each scrape every workload and store all metrics: if one fails, the other continues.",
      ),
      storage: bytes.describe(
        "Volume of each server. When four fifths are used, the oldest data is deleted, whatever its age.",
      ),
      retentionDays: integer(1, 365, "days").describe("Retention of metrics in days."),
      historyDays: integer(leastHistoryDays, mostHistoryDays, "days")
        .optional()
        .describe(
          "Retention in days of the series that `components/observability/recordings.ts` records, in a workspace of Amazon Managed Service for Prometheus. Default: no workspace.",
        ),
    })
    .superRefine(({ retentionDays, historyDays }, context) => {
      if (historyDays === undefined || historyDays > retentionDays) return;
      context.addIssue({
        code: "custom",
        path: ["historyDays"],
        message: `more than retentionDays, ${retentionDays}: Prometheus itself has those`,
      });
    })
    .superRefine(({ storage, retentionDays }, context) => {
      const needed = metricsBytes(retentionDays);
      if (amount(storage) * filledShare >= needed) return;
      context.addIssue({
        code: "custom",
        path: ["storage"],
        message:
          `at least ${gibibytes(needed / filledShare)} for retentionDays: ${retentionDays}, by the estimate of ` +
          `${expected.series} series, a sample of ${expected.bytesPerSample} bytes every ${expected.secondsBetweenSamples} seconds, ` +
          `and ${filledShare * 100} % of the volume`,
      });
    })
    .optional(),
  grafana: operator("grafana")
    .extend({
      replicas: z.literal(1, {
        error: "1: Grafana keeps sessions in the pod, so a second pod wouldn't know them",
      }),
      host: host.describe("Host of its page, below one of plinth:edge.zones."),
    })
    .optional()
    .describe("Grafana with the dashboards. Needs `prometheus`, and `plinth:signOn` for its users."),
});

export type GrafanaSettings = NonNullable<z.infer<typeof operators>["grafana"]>;
export type PrometheusSettings = NonNullable<z.infer<typeof operators>["prometheus"]>;
