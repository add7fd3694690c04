import { telemetryPorts } from "./ports";

/** Health check and metrics of every collector, for the kubelet and Prometheus. */
export const ownTelemetry = {
  logs: { level: "info", encoding: "json" },
  metrics: {
    level: "normal",
    readers: [
      {
        pull: {
          exporter: {
            prometheus: { host: "0.0.0.0", port: telemetryPorts.metrics, without_type_suffix: true },
          },
        },
      },
    ],
  },
};

/** Answers the kubelet's probes. */
export const healthCheck = { endpoint: `0.0.0.0:${telemetryPorts.health}` };

/** Refuses data before the container's memory limit is reached; senders retry. */
export const memoryLimiter = { check_interval: "1s", limit_percentage: 80, spike_limit_percentage: 20 };

/** Retries without limit: data that can't be sent stays in the queue, and a full queue stops the receivers. */
export const forever = { enabled: true, initial_interval: "1s", max_interval: "1m", max_elapsed_time: "0s" };

/** The receiver of spans, over gRPC and HTTP. */
export const otlpReceiver = {
  protocols: {
    grpc: { endpoint: `0.0.0.0:${telemetryPorts.grpc}` },
    http: { endpoint: `0.0.0.0:${telemetryPorts.http}` },
  },
};
