import { queueBytes } from "../telemetry/agent-config";
import type { Alert } from "./alert";

/** Share of a collector's queue that may be full. */
const queueShare = 0.8;

/** Records that a collector gave up, or had no room for. Each counter is there only once it has counted. */
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
      summary: "The log collector {{ $labels.pod }} has dropped {{ $value | humanize }} records",
    },
    {
      name: "LogsDelayed",
      expr: `max by (pod) (otelcol_exporter_queue_size{data_type="logs"}) > ${queueShare * queueBytes}`,
      for: "10m",
      severity: "warning",
      summary: "The queue of the log collector {{ $labels.pod }} is nearly full: the store takes too little",
    },
  ];
  const traces: Omit<Alert, "team">[] = [
    {
      name: "SpansDropped",
      expr: failed("spans"),
      for: "5m",
      severity: "warning",
      summary: "{{ $labels.pod }} has dropped {{ $value | humanize }} spans",
    },
  ];
  return [...(collected.logs ? logs : []), ...(collected.traces ? traces : [])].map((alert) => ({
    ...alert,
    team: "platform",
  }));
}
