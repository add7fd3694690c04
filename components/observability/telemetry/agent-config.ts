import { lineOperators, parseStatements } from "./parsing";
import { logStatements, spanStatements } from "./masking";
import { nodeAgentNamespace, telemetryPeers, telemetryPorts } from "./ports";
import { forever, healthCheck, memoryLimiter, otlpReceiver, ownTelemetry } from "./shared";

/** Where the collector of a node sends logs. */
export type LogTarget =
  | { readonly store: "cloudwatch"; readonly region: string; readonly logGroup: string }
  | { readonly store: "opensearch"; readonly region: string };

export interface AgentSettings {
  /** Default: logs aren't collected. */
  readonly logs?: LogTarget | undefined;
  /** Whether it receives spans and sends them to the gateway. */
  readonly traces: boolean;
}

/** Directory of its queue, on the node's disk, so an update of the collector loses no logs. */
export const stateFolder = "/var/lib/plinth-otel";

/** Where the kubelet keeps containers' logs. */
export const podLogs = "/var/log/pods";

/** Maximum size in bytes of the queue on a node's disk while the store is unavailable: some hours of a busy node. */
export const queueBytes = 512 * 2 ** 20;

/** Maximum size of a request in bytes: CloudWatch accepts 1 MiB, OpenSearch 10 MiB on its smaller nodes. */
const requestBytes = { cloudwatch: 900_000, opensearch: 5_000_000 } as const;

/**
 * A queue on the disk. When it is full it blocks: the collector stops reading, and lines stay in the container's log
 * files until the kubelet rotates them.
 */
const queue = (most: number) => ({
  enabled: true,
  storage: "file_storage",
  sizer: "bytes",
  queue_size: queueBytes,
  block_on_overflow: true,
  num_consumers: 2,
  batch: { flush_timeout: "5s", sizer: "bytes", min_size: Math.floor(most / 2), max_size: most },
});

/**
 * An index for each system and day, so that indexes are deleted as a whole, and a team can read only those of its
 * system.
 */
const logExporter = (target: LogTarget) =>
  target.store === "cloudwatch"
    ? {
        awscloudwatchlogs: {
          region: target.region,
          log_group_name: target.logGroup,
          log_stream_name: "${env:NODE_NAME}",
          sending_queue: queue(requestBytes.cloudwatch),
          retry_on_failure: forever,
        },
      }
    : {
        opensearch: {
          http: {
            endpoint: "${env:SEARCH_ENDPOINT}",
            auth: { authenticator: "sigv4auth" },
            timeout: "30s",
            compression: "gzip",
          },
          logs_index: "logs-%{plinth.system}",
          logs_index_fallback: "platform",
          logs_index_time_format: "yyyy.MM.dd",
          bulk_action: "create",
          mapping: { mode: "ss4o" },
          sending_queue: queue(requestBytes.opensearch),
          retry_on_failure: forever,
        },
      };

/** Kubernetes' metadata of a pod. The namespace determines the system, so a pod can't write into another system's index. */
const metadata = {
  auth_type: "serviceAccount",
  filter: { node_from_env_var: "NODE_NAME" },
  extract: {
    metadata: [
      "k8s.namespace.name",
      "k8s.pod.name",
      "k8s.pod.uid",
      "k8s.container.name",
      "k8s.node.name",
      "k8s.deployment.name",
      "k8s.statefulset.name",
      "k8s.job.name",
      "container.image.tag",
    ],
    labels: [
      { tag_name: "plinth.system", key: "app.kubernetes.io/part-of", from: "namespace" },
      { tag_name: "service.name", key: "app.kubernetes.io/name", from: "pod" },
    ],
  },
  pod_association: [
    { sources: [{ from: "resource_attribute", name: "k8s.pod.uid" }] },
    { sources: [{ from: "connection" }] },
  ],
};

/**
 * Configuration of the collector on each node: it reads the containers' logs and takes their spans, masks secrets, adds
 * Kubernetes metadata, and sends both on. Sources: the components' own documentation, collector 0.159.
 */
export function agentConfig({ logs, traces }: AgentSettings) {
  const exporters = logs === undefined ? {} : logExporter(logs);
  const toGateway = {
    // All spans of a trace are sent to the same pod, which samples the whole trace.
    routing_key: "traceID",
    protocol: { otlp: { tls: { insecure: true }, timeout: "5s" } },
    resolver: {
      dns: {
        hostname: `${telemetryPeers.gateway.name}.${telemetryPeers.gateway.namespace}.svc.cluster.local`,
        port: String(telemetryPorts.grpc),
        interval: "10s",
      },
    },
  };
  return {
    extensions: {
      health_check: healthCheck,
      file_storage: { directory: stateFolder, create_directory: true, fsync: false },
      ...(logs?.store === "opensearch" ? { sigv4auth: { region: logs.region, service: "es" } } : {}),
    },
    receivers: {
      ...(logs === undefined
        ? {}
        : {
            file_log: {
              include: [`${podLogs}/*/*/*.log`],
              // Its own logs are excluded: otherwise it would read and send its own errors of sending.
              exclude: [`${podLogs}/${nodeAgentNamespace}_*/*/*.log`],
              start_at: "beginning",
              include_file_path: true,
              include_file_name: false,
              storage: "file_storage",
              retry_on_failure: { enabled: true, max_elapsed_time: "0s" },
              operators: lineOperators(),
            },
          }),
      ...(traces ? { otlp: otlpReceiver } : {}),
    },
    processors: {
      memory_limiter: memoryLimiter,
      k8s_attributes: metadata,
      "transform/mask": {
        error_mode: "propagate",
        ...(logs === undefined ? {} : { log_statements: logStatements() }),
        ...(traces ? { trace_statements: spanStatements() } : {}),
      },
      ...(logs === undefined
        ? {}
        : { "transform/parse": { error_mode: "silent", log_statements: parseStatements() } }),
    },
    exporters: { ...exporters, ...(traces ? { load_balancing: toGateway } : {}) },
    service: {
      extensions: ["health_check", "file_storage", ...(logs?.store === "opensearch" ? ["sigv4auth"] : [])],
      telemetry: ownTelemetry,
      pipelines: {
        ...(logs === undefined
          ? {}
          : {
              logs: {
                receivers: ["file_log"],
                processors: ["memory_limiter", "transform/mask", "transform/parse", "k8s_attributes"],
                exporters: Object.keys(exporters),
              },
            }),
        ...(traces
          ? {
              traces: {
                receivers: ["otlp"],
                processors: ["memory_limiter", "transform/mask", "k8s_attributes"],
                exporters: ["load_balancing"],
              },
            }
          : {}),
      },
    },
  };
}
