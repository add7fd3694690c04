import type { TraceSettings } from "../../../config";
import { telemetryPeers, telemetryPorts } from "./ports";
import { healthCheck, memoryLimiter, otlpReceiver, ownTelemetry } from "./shared";

/** Upper bounds of the histogram's buckets, around the thresholds of the alerts. */
const buckets = ["10ms", "50ms", "100ms", "250ms", "500ms", "1s", "2s", "5s", "10s"];

/** Seconds to wait after a trace's first span before it is sampled. */
const decisionWait = 10;

/**
 * Configuration of the gateway: it counts all spans (rate, errors, duration, and who calls whom), then keeps the traces
 * with an error, the slow ones, and a share of the others. Without a store for them, it prints their number.
 */
export function gatewayConfig(
  { sharePercent, slowMilliseconds }: Pick<TraceSettings, "sharePercent" | "slowMilliseconds">,
  { stored }: { readonly stored: boolean },
) {
  const exporters = stored
    ? {
        otlp_grpc: {
          endpoint: `${telemetryPeers.jaeger.name}.${telemetryPeers.jaeger.namespace}.svc.cluster.local:${telemetryPorts.grpc}`,
          tls: { insecure: true },
          sending_queue: { enabled: true, queue_size: 1000, num_consumers: 4 },
          retry_on_failure: { enabled: true, max_elapsed_time: "5m" },
        },
      }
    : { debug: { verbosity: "basic" } };
  return {
    extensions: { health_check: healthCheck },
    receivers: { otlp: otlpReceiver },
    connectors: {
      // `traces_span_metrics_calls_total` and `…_duration_seconds`, with the last trace of each bucket as exemplar.
      span_metrics: {
        histogram: { unit: "s", explicit: { buckets } },
        dimensions: [{ name: "plinth.system" }, { name: "http.response.status_code" }],
        exclude_dimensions: ["status.code.value"],
        exemplars: { enabled: true, max_per_data_point: 5 },
        aggregation_cardinality_limit: 5000,
        metrics_flush_interval: "30s",
      },
      // `traces_service_graph_request_total`, by client and server.
      service_graph: { store: { ttl: "10s", max_items: 10_000 }, latency_histogram_buckets: buckets },
      forward: {},
    },
    processors: {
      memory_limiter: memoryLimiter,
      tail_sampling: {
        decision_wait: `${decisionWait}s`,
        num_traces: 50_000,
        policies: [
          { name: "errors", type: "status_code", status_code: { status_codes: ["ERROR"] } },
          { name: "slow", type: "latency", latency: { threshold_ms: slowMilliseconds } },
          {
            name: "share",
            type: "probabilistic",
            probabilistic: { sampling_percentage: sharePercent },
          },
        ],
      },
      batch: { timeout: "2s", send_batch_size: 512, send_batch_max_size: 1024 },
    },
    exporters: {
      ...exporters,
      prometheus: {
        endpoint: `0.0.0.0:${telemetryPorts.spanMetrics}`,
        enable_open_metrics: true,
        metric_expiration: "10m",
      },
    },
    service: {
      extensions: ["health_check"],
      telemetry: ownTelemetry,
      pipelines: {
        "traces/all": {
          receivers: ["otlp"],
          processors: ["memory_limiter"],
          exporters: ["span_metrics", "service_graph", "forward"],
        },
        "traces/kept": {
          receivers: ["forward"],
          processors: ["tail_sampling", "batch"],
          exporters: Object.keys(exporters),
        },
        metrics: { receivers: ["span_metrics", "service_graph"], exporters: ["prometheus"] },
      },
    },
  };
}
