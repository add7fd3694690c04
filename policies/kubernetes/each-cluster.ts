import type { PolicyResource, ReportViolation, StackValidationPolicy } from "@pulumi/policy";
import { type Control, onStack } from "../lib/control";
import { plain } from "../lib/wire";

/** The resources of each cluster: its own objects, and all resources that aren't Kubernetes objects. */
function views(resources: PolicyResource[]): PolicyResource[][] {
  const isObject = ({ type }: PolicyResource) => type.startsWith("kubernetes:");
  const clusters = new Set(resources.filter(isObject).map(({ provider }) => provider?.urn));
  if (clusters.size < 2) return [resources];
  return [...clusters].map((urn) =>
    resources.filter((resource) => !isObject(resource) || resource.provider?.urn === urn),
  );
}

/**
 * A stack policy that runs once for each cluster, for objects that are found by name: the clusters of two regions have
 * objects with the same names.
 */
export const onEachCluster = <C extends object = object>(
  control: Control<C>,
  check: (resources: PolicyResource[], report: ReportViolation, settings: C) => void,
): StackValidationPolicy =>
  onStack(control, (resources, report, settings) => {
    for (const own of views(resources)) check(own, report, settings);
  });

/** Name of the cluster of these resources; undefined if it is unknown. */
export function clusterName(own: readonly PolicyResource[]): string | undefined {
  const provider = own.find(({ type, provider: its }) => type.startsWith("kubernetes:") && its)?.provider;
  const { clusterIdentifier: name } = plain(provider?.props ?? {}) as { clusterIdentifier?: unknown };
  return typeof name === "string" ? name : undefined;
}
