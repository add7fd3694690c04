import type { WorkloadSpec } from "../../systems/spec";

/** A priority class. */
interface Priority {
  readonly name: string;
  /** Pods with a higher value are scheduled first and preempt pods with a lower one. At most a billion. */
  readonly value: number;
  /** Whether its pods preempt others. Pods that can wait don't: they stay pending until there is a node. */
  readonly preempts: boolean;
  readonly description: string;
}

/**
 * Scheduling order when capacity is short: until a node has started, or when the node pool's limits are reached.
 * Kubernetes' own `system-` classes rank above all of these.
 */
export const priorities = {
  platform: {
    name: "plinth-platform",
    value: 1_000_000,
    preempts: true,
    description: "Operators, which all workloads need to scale, roll out and get their Secrets",
  },
  core: {
    name: "plinth-core",
    value: 100_000,
    preempts: true,
    description: "Workloads that others depend on: cores, APIs and messaging",
  },
  standard: {
    name: "plinth-standard",
    value: 10_000,
    preempts: true,
    description: "Frontends, and pods without a priority class",
  },
  batch: {
    name: "plinth-batch",
    value: 1_000,
    preempts: false,
    description: "Workers, jobs and load tests, which don't preempt other pods",
  },
} as const satisfies Record<string, Priority>;

/** The class of pods that name no class. */
export const defaultPriority = priorities.standard.name;

/** The class of jobs: gates, bootstrap, load tests. */
export const jobPriority = priorities.batch.name;

const ofComponent: Readonly<Record<WorkloadSpec["component"], keyof typeof priorities>> = {
  core: "core",
  api: "core",
  frontend: "standard",
  worker: "batch",
};

/** The class of a workload's pods, by the workload's component. */
export const priorityOf = (component: WorkloadSpec["component"]): string =>
  priorities[ofComponent[component]].name;
