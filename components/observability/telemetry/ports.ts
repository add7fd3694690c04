/** Ports of the collectors. OTLP's are those that the OpenTelemetry specification names. */
export const telemetryPorts = {
  grpc: 4317,
  http: 4318,
  metrics: 8888,
  spanMetrics: 8889,
  health: 13133,
} as const;

/** Namespace of the collectors and of Jaeger, and the pods by their `app.kubernetes.io/name`. */
const telemetryNamespace = "telemetry";
/** The nodes' collectors mount host paths, so they have a privileged namespace of their own. */
export const nodeAgentNamespace = "telemetry-nodes";

export const telemetryPeers = {
  agent: { namespace: nodeAgentNamespace, name: "otel-agent" },
  gateway: { namespace: telemetryNamespace, name: "otel-gateway" },
  jaeger: { namespace: telemetryNamespace, name: "jaeger" },
} as const;

/** Address to which workloads send spans: the collector of their own node. */
export const otlpEndpoint = `http://${telemetryPeers.agent.name}.${nodeAgentNamespace}.svc.cluster.local:${telemetryPorts.http}`;
