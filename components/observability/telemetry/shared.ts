import { telemetryPorts } from "./ports";

/** What every collector says of itself, to the kubelet and to Prometheus. */
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

/** Tries until it works: what can't be sent waits in the queue, and what reads waits for the queue. */
export const forever = { enabled: true, initial_interval: "1s", max_interval: "1m", max_elapsed_time: "0s" };

/** The receiver of spans, over gRPC and HTTP. */
export const otlpReceiver = {
  protocols: {
    grpc: { endpoint: `0.0.0.0:${telemetryPorts.grpc}` },
    http: { endpoint: `0.0.0.0:${telemetryPorts.http}` },
  },
};
