import { telemetryPorts } from "./ports";

/** Port of Jaeger's page and of its API. */
export const jaegerPort = 16686;

/** By default there is an index for each day, which an ISM policy of the domain deletes, as with logs. */
const index = (replicas: number) => ({ shards: 1, replicas });

/**
 * Configuration of Jaeger 2.20, which writes kept spans to the domain and shows them. It signs its requests with its
 * own role. The service graph is in Prometheus (`traces_service_graph_request_total`), since Jaeger's own requires a
 * batch job.
 */
export function jaegerConfig({ region, copies }: { readonly region: string; readonly copies: number }) {
  return {
    service: {
      extensions: ["healthcheckv2", "sigv4auth", "jaeger_storage", "jaeger_query"],
      pipelines: {
        traces: { receivers: ["otlp"], processors: ["batch"], exporters: ["jaeger_storage_exporter"] },
      },
      telemetry: {
        resource: { "service.name": "jaeger" },
        metrics: {
          level: "normal",
          readers: [
            { pull: { exporter: { prometheus: { host: "0.0.0.0", port: telemetryPorts.metrics } } } },
          ],
        },
        logs: { level: "info" },
      },
    },
    extensions: {
      healthcheckv2: { use_v2: true, http: { endpoint: `0.0.0.0:${telemetryPorts.health}` } },
      sigv4auth: { region, service: "es" },
      jaeger_storage: {
        backends: {
          opensearch: {
            opensearch: {
              server_urls: ["${env:SEARCH_ENDPOINT}"],
              auth: { authenticator: "sigv4auth" },
              indices: {
                spans: index(copies),
                services: index(copies),
                dependencies: index(copies),
                sampling: index(copies),
              },
            },
          },
        },
      },
      jaeger_query: {
        storage: { traces: "opensearch" },
        http: { endpoint: `0.0.0.0:${jaegerPort}` },
        grpc: { endpoint: "0.0.0.0:16685" },
      },
    },
    receivers: { otlp: { protocols: { grpc: { endpoint: `0.0.0.0:${telemetryPorts.grpc}` } } } },
    processors: { batch: {} },
    exporters: { jaeger_storage_exporter: { trace_storage: "opensearch" } },
  };
}
