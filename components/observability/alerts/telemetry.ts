import { queueBytes } from "../telemetry/agent-config";
import type { Alert } from "./alert";

/** Share of a collector's queue that may be full. */
const queueShare = 0.8;

/** Records that a collector failed to send or to queue. Each counter exists only after its first failure. */
const failed = (what: "log_records" | "spans") =>
  ["send", "enqueue"]
    .map((step) => `sum by (pod) (increase(otelcol_exporter_${step}_failed_${what}[15m])) > 0`)
    .join(" or ");

/** Alerts on the collectors of logs and traces themselves. */
export function telemetryAlerts(collected: { readonly logs: boolean; readonly traces: boolean }): Alert[] {
  const logs: Omit<Alert, "team">[] = [
    {
      name: "LogsDropped",
      expr: failed("log_records"),
      severity: "critical",
      summary: "Log collector {{ $labels.pod }} dropped {{ $value | humanize }} log records",
      description:
        "They can't be searched. Read the log of daemonset/otel-agent in telemetry-nodes. Usual causes: a mapping that rejects a field, a role without a permission, a full disk of the node.",
    },
    {
      name: "LogsDelayed",
      expr: `max by (pod) (otelcol_exporter_queue_size{data_type="logs"}) > ${queueShare * queueBytes}`,
      for: "10m",
      severity: "warning",
      summary: `The queue of log collector {{ $labels.pod }} is more than ${queueShare * 100} % full`,
      description:
        "Logs arrive late; none is lost yet. Check the alarms of the OpenSearch domain, and whether one workload writes far more than before.",
    },
  ];
  const traces: Omit<Alert, "team">[] = [
    {
      name: "SpansDropped",
      expr: failed("spans"),
      for: "5m",
      severity: "warning",
      summary: "{{ $labels.pod }} dropped {{ $value | humanize }} spans",
      description:
        "Traces have gaps; nothing else is affected. Check the pods in the namespace telemetry, and the alarms of the OpenSearch domain.",
    },
  ];
  return [...(collected.logs ? logs : []), ...(collected.traces ? traces : [])].map((alert) => ({
    ...alert,
    team: "platform",
  }));
}
