import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import type { PodsOf } from "../network/pod-traffic";
import { otlpEndpoint, telemetryPeers, telemetryPorts } from "../observability/telemetry/ports";
import type { Reach } from "../workload/network-policy";
import type { Variable } from "../workload/pod";

/** Whether a workload's code runs in the cluster: a frontend's runs in browsers, and its server sends no spans. */
const sendsSpans = ({ component }: Pick<WorkloadSpec, "component">): boolean => component !== "frontend";

/** Workloads of a system that send spans. */
export const tracedWorkloads = ({ workloads }: SystemSpec): PodsOf[] =>
  Object.values(workloads)
    .filter(sendsSpans)
    .map(({ namespace, name }) => ({ namespace, name }));

/**
 * Variables that configure the OpenTelemetry SDK of a workload: the collector's address, and the workload's name. An
 * image without the SDK ignores it. Source: OpenTelemetry specification, environment variables.
 */
export const traceVariables = (system: string, workload: WorkloadSpec): Variable[] =>
  sendsSpans(workload)
    ? Object.entries({
        OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint,
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
        OTEL_SERVICE_NAME: workload.name,
        OTEL_RESOURCE_ATTRIBUTES: `service.namespace=${system}`,
        // The gateway samples traces when they are complete.
        OTEL_TRACES_SAMPLER: "parentbased_always_on",
        // Prometheus scrapes metrics, and logs go to stdout.
        OTEL_METRICS_EXPORTER: "none",
        OTEL_LOGS_EXPORTER: "none",
      })
        .filter(([name]) => !(name in workload.env))
        .map(([name, value]) => ({ name, value }))
    : [];

/** Egress of a workload to its node's collector. */
export const withCollector = (reach: Reach, workload: WorkloadSpec): Reach =>
  sendsSpans(workload)
    ? {
        ...reach,
        callees: [
          ...reach.callees,
          { ...telemetryPeers.agent, ports: [telemetryPorts.grpc, telemetryPorts.http] },
        ],
      }
    : reach;
