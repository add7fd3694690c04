import { releaseOf, type SystemSettings } from "../../config";
import type { SystemSpec } from "../../systems/spec";
import type { OperatorReach } from "../operator-peers";
import { mainPort } from "../workload/ports";
import { metricsPorts } from "./metrics";
import { natsNamespaces } from "./wiring";

interface Described {
  readonly spec: SystemSpec;
  readonly settings: Pick<SystemSettings, "workloads">;
}

/** What some systems have that the cluster's operators must reach. */
export const operatorReach = (systems: readonly Described[]): OperatorReach => ({
  namespaces: systems.flatMap(({ spec }) => spec.namespaces),
  natsNamespaces: systems.flatMap(({ spec }) => natsNamespaces(spec)),
  metricsPorts: metricsPorts(systems.map(({ spec }) => spec)),
  verified: systems.flatMap(({ spec, settings }) =>
    Object.entries(spec.workloads).flatMap(([key, workload]) => {
      const main = mainPort(workload);
      const { strategy } = releaseOf(settings.workloads[key] ?? {});
      if (strategy !== "blue-green" || main === undefined) return [];
      return [{ namespace: workload.namespace, name: workload.name, port: main.port }];
    }),
  ),
});
