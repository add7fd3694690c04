import type { WorkloadSpec } from "../../systems/spec";

/** Labels that select a workload's pods. They never change: a Deployment's selector can't. */
export const selector = (name: string): Record<string, string> => ({ "app.kubernetes.io/name": name });

/** Labels of everything that belongs to a workload. `app` is what the systems' own documents select by. */
export const labels = (system: string, spec: WorkloadSpec): Record<string, string> => ({
  ...selector(spec.name),
  "app.kubernetes.io/component": spec.component,
  "app.kubernetes.io/part-of": system,
  "app.kubernetes.io/managed-by": "pulumi",
  app: spec.name,
});
