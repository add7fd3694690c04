import type * as pulumi from "@pulumi/pulumi";

/**
 * Collects the resources of one type that a component and its children create, by name.
 *
 * @param type Such as `aws:cloudwatch/logGroup:LogGroup`.
 * @returns The record, which fills as they are created, and the component's `transformations`.
 */
export function collected<T extends pulumi.Resource>(
  type: string,
): { readonly found: Record<string, T>; readonly transformation: pulumi.ResourceTransformation } {
  const found: Record<string, T> = {};
  return {
    found,
    transformation: ({ type: made, name, resource }) => {
      if (made === type) found[name] = resource as T;
      return undefined;
    },
  };
}
