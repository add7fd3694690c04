import type { PolicyResource } from "@pulumi/policy";
import type { KnownTypes } from "./control";
import { ifUnknown, plain } from "./wire";

/** The resources of one type. */
export function ofType(resources: PolicyResource[], type: keyof KnownTypes): PolicyResource[] {
  return resources.filter((resource) => resource.type === type);
}

/** NAT instances: they forward traffic of other machines. */
export const natInstances = (resources: PolicyResource[]): PolicyResource[] =>
  ofType(resources, "aws:ec2/instance:Instance").filter(
    ({ props }) => (plain(props) as { sourceDestCheck?: boolean }).sourceDestCheck === false,
  );

/** The resources from which a value came; all dependencies if it isn't known which. */
export const sourcesOf = (from: PolicyResource, property: string): readonly PolicyResource[] =>
  from.propertyDependencies[property] ?? from.dependencies;

/**
 * True if `property` of `from` refers to `to`. In a preview the ID is unknown, so the source of the value counts first.
 * A literal name also counts.
 */
export function refersTo(from: PolicyResource, property: string, to: PolicyResource, name: string): boolean {
  if (sourcesOf(from, property).some((source) => source.urn === to.urn)) return true;
  return ifUnknown(
    false,
    () => from.props[property] !== undefined && from.props[property] === to.props[name],
  );
}

/** Resources, or rows about them, by their type. */
export function byType<T extends { readonly type: string }>(items: readonly T[]): ReadonlyMap<string, T[]> {
  const index = new Map<string, T[]>();
  for (const one of items) {
    const alike = index.get(one.type);
    if (alike === undefined) index.set(one.type, [one]);
    else alike.push(one);
  }
  return index;
}
