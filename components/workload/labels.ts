import type { WorkloadSpec } from "../../systems/spec";

/** Metadata of a workload's objects. */
export interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Labels that select a workload's pods. They never change, since a Deployment's selector is immutable. */
export const selector = (name: string): Record<string, string> => ({ "app.kubernetes.io/name": name });

/** Labels of a system's objects that belong to no workload. */
export const systemLabels = (system: string): Record<string, string> => ({
  "app.kubernetes.io/part-of": system,
  "app.kubernetes.io/managed-by": "pulumi",
});

/** Labels of all objects of a workload. The systems' documents select by `app`. */
export const labels = (system: string, spec: WorkloadSpec): Record<string, string> => ({
  ...selector(spec.name),
  "app.kubernetes.io/component": spec.component,
  ...systemLabels(system),
  app: spec.name,
});
