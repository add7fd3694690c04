import type { PlannedResource } from "../report/json";
import { providerUrn } from "../wire";

/** Services without a region in the bill, by the prefix of their types. Their prices are in `prices/global.json`. */
const worldwide = /^aws:(cloudfront|route53|shield)\//;

/**
 * A function that says in which region a resource is billed: that of its AWS provider; in a cluster, that of the
 * cluster with this Kubernetes provider. Undefined if the plan doesn't determine it.
 */
export function regionsOf(
  resources: readonly PlannedResource[],
): (resource: PlannedResource) => string | undefined {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const clusters = new Map(
    resources.filter(({ type }) => type === "aws:eks/cluster:Cluster").map((each) => [each.parent, each]),
  );
  return function regionOf(resource): string | undefined {
    if (worldwide.test(resource.type)) return "global";
    const provider = byUrn.get(providerUrn(resource.provider ?? ""));
    if (provider === undefined) return undefined;
    if (provider.type === "pulumi:providers:aws")
      return typeof provider.inputs.region === "string" ? provider.inputs.region : undefined;
    const cluster = clusters.get(provider.parent);
    return cluster === undefined ? undefined : regionOf(cluster);
  };
}
