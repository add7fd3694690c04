import type { PolicyResource } from "@pulumi/policy";
import type { KnownTypes } from "./control";
import { ifUnknown, plain } from "./wire";

/** The resources of one type. */
export function ofType(resources: PolicyResource[], type: keyof KnownTypes): PolicyResource[] {
  return resources.filter((resource) => resource.type === type);
}

/** The instances that forward other machines' traffic: NAT instances. */
export const natInstances = (resources: PolicyResource[]): PolicyResource[] =>
  ofType(resources, "aws:ec2/instance:Instance").filter(
    ({ props }) => (plain(props) as { sourceDestCheck?: boolean }).sourceDestCheck === false,
  );

/**
 * True if `property` of `from` refers to `to`. In a preview the id is unknown, so the source of the value counts first;
 * a literal name counts too.
 */
export function refersTo(from: PolicyResource, property: string, to: PolicyResource, name: string): boolean {
  const sources = from.propertyDependencies[property] ?? from.dependencies;
  if (sources.some((source) => source.urn === to.urn)) return true;
  return ifUnknown(
    false,
    () => from.props[property] !== undefined && from.props[property] === to.props[name],
  );
}
