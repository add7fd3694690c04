import type { SystemSpec, WorkloadSpec } from "../../systems/spec";

/** The order in which a new version comes in, by what a workload is to its system. Source: requirement REL-4. */
const order: readonly (readonly WorkloadSpec["component"][])[] = [["core", "worker"], ["api"], ["frontend"]];

/** A system's workloads in the stages in which they are brought up to date, those of a stage at once. */
export const stages = (spec: SystemSpec): [key: string, workload: WorkloadSpec][][] =>
  order
    .map((components) =>
      Object.entries(spec.workloads).filter(([, { component }]) => components.includes(component)),
    )
    .filter((stage) => stage.length > 0);
