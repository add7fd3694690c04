import type { SystemSpec } from "../../systems/spec";
import { natsPorts } from "../messaging/nats-names";
import { metricsPort } from "../workload/ports";
import { natsNamespaces } from "./wiring";

/** Something that tells metrics: its name space, and the port that Prometheus asks on. */
const tellers = (spec: SystemSpec): { namespace: string; port: number }[] => [
  ...Object.values(spec.workloads).flatMap((workload) => {
    const port = metricsPort(workload);
    return port === undefined ? [] : [{ namespace: workload.namespace, port }];
  }),
  ...natsNamespaces(spec).map((namespace) => ({ namespace, port: natsPorts.metrics })),
];

/** Name spaces of a system that hold something with metrics. */
export const metricsNamespaces = (spec: SystemSpec): string[] => [
  ...new Set(tellers(spec).map(({ namespace }) => namespace)),
];

/** Ports on which something of these systems tells metrics, each once. */
export const metricsPorts = (specs: readonly SystemSpec[]): number[] =>
  [...new Set(specs.flatMap(tellers).map(({ port }) => port))].sort((one, other) => one - other);
