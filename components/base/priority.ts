import type { WorkloadSpec } from "../../systems/spec";

/** What a priority class says of its pods. */
interface Priority {
  readonly name: string;
  /** Whoever has more goes first, and pushes out who has less where there is no room: up to a billion. */
  readonly value: number;
  /** May push others out. What can wait doesn't: it stays pending until there is a node. */
  readonly preempts: boolean;
  readonly description: string;
}

/**
 * Who goes first where there is no room for all: until a node has been made, or when the node pool's limits are reached.
 * Kubernetes' own `system-` classes stand above all of these.
 */
export const priorities = {
  platform: {
    name: "plinth-platform",
    value: 1_000_000,
    preempts: true,
    description: "Operators: without them nothing scales, rolls out or gets its secrets",
  },
  core: {
    name: "plinth-core",
    value: 100_000,
    preempts: true,
    description: "What others wait for: cores, APIs and messaging",
  },
  standard: {
    name: "plinth-standard",
    value: 10_000,
    preempts: true,
    description: "Frontends, and every pod that names no class",
  },
  batch: {
    name: "plinth-batch",
    value: 1_000,
    preempts: false,
    description: "Workers, jobs and load tests: they wait for room",
  },
} as const satisfies Record<string, Priority>;

/** The class of pods that name none. */
export const defaultPriority = priorities.standard.name;

/** The class of jobs: gates, bootstrap, load tests. */
export const jobPriority = priorities.batch.name;

const ofComponent: Readonly<Record<WorkloadSpec["component"], keyof typeof priorities>> = {
  core: "core",
  api: "core",
  frontend: "standard",
  worker: "batch",
};

/** The class of a workload's pods, by what it is to its system. */
export const priorityOf = (component: WorkloadSpec["component"]): string =>
  priorities[ofComponent[component]].name;
