import { releaseOf, type SystemSettings } from "../../config";
import type { SystemSpec } from "../../systems/spec";
import type { Context } from "../base/context";
import { physicalName } from "../base/naming";
import type { OperatorReach } from "../base/operators";
import { queueArn } from "../messaging/queue-policy";
import { mainPort, metricsPort } from "../workload/ports";
import { servesTls } from "../workload/tls";
import { databaseExporters } from "./database-exporters";
import { natsNamespaces } from "./wiring";
import { natsPorts } from "../base/ports";

interface Described {
  readonly spec: SystemSpec;
  readonly settings: Pick<SystemSettings, "workloads">;
}

/** Parts of the systems that the cluster's operators must reach. */
export const operatorReach = (systems: readonly Described[]): OperatorReach => ({
  namespaces: systems.flatMap(({ spec }) => spec.namespaces),
  natsNamespaces: systems.flatMap(({ spec }) => natsNamespaces(spec)),
  metricsPorts: metricsPorts(systems.map(({ spec }) => spec)),
  servesTls: systems.some(({ spec }) => Object.values(spec.workloads).some(servesTls)),
  verified: systems.flatMap(({ spec, settings }) =>
    Object.entries(spec.workloads).flatMap(([key, workload]) => {
      const main = mainPort(workload);
      const { strategy } = releaseOf(settings.workloads[key] ?? {});
      if (strategy !== "blue-green" || main === undefined) return [];
      return [{ namespace: workload.namespace, name: workload.name, port: main.port }];
    }),
  ),
});

/** Workloads, exporters of databases and NATS servers that serve metrics: namespace and scraped port. */
const metricsEndpoints = (spec: SystemSpec): { namespace: string; port: number }[] => [
  ...[...Object.values(spec.workloads), ...databaseExporters(spec).map(({ exporter }) => exporter)].flatMap(
    (workload) => {
      const port = metricsPort(workload);
      return port === undefined ? [] : [{ namespace: workload.namespace, port }];
    },
  ),
  ...natsNamespaces(spec).map((namespace) => ({ namespace, port: natsPorts.metrics })),
];

/** Namespaces of a system with pods that serve metrics. */
export const metricsNamespaces = (spec: SystemSpec): string[] => [
  ...new Set(metricsEndpoints(spec).map(({ namespace }) => namespace)),
];

/** Metrics ports of these systems, without duplicates. */
const metricsPorts = (specs: readonly SystemSpec[]): number[] =>
  [...new Set(specs.flatMap(metricsEndpoints).map(({ port }) => port))].sort((one, other) => one - other);

/** ARNs of the queues by whose length workloads scale, without duplicates. */
export const scaledQueues = (systems: readonly Described[], context: Context): string[] => [
  ...new Set(
    systems.flatMap(({ spec, settings }) =>
      Object.values(settings.workloads).flatMap(({ autoscaling }) => {
        const queue = autoscaling?.queue?.queue;
        return queue === undefined
          ? []
          : [queueArn(context, physicalName("queue", context.prefix, spec.name, queue))];
      }),
    ),
  ),
];
