import type { SystemSettings } from "../../config";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";

/**
 * A system's description without the optional workloads that the stack file omits, and without the variables that refer
 * to them.
 */
export function configured(spec: SystemSpec, settings: Pick<SystemSettings, "workloads">): SystemSpec {
  const there = (key: string) => settings.workloads[key] !== undefined;
  const without = (workload: WorkloadSpec): WorkloadSpec => ({
    ...workload,
    env: Object.fromEntries(
      Object.entries(workload.env).filter(([, source]) => !("service" in source) || there(source.service)),
    ),
  });
  return {
    ...spec,
    workloads: Object.fromEntries(
      Object.entries(spec.workloads).flatMap(([key, workload]) =>
        there(key) ? [[key, without(workload)]] : [],
      ),
    ),
  };
}
