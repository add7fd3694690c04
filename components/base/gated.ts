import * as pulumi from "@pulumi/pulumi";

/**
 * `value`, known only once everything in `ready` exists. It replaces a `dependsOn` that
 * every reader would have to remember.
 */
export function gated(
  value: pulumi.Input<string>,
  ready: readonly pulumi.Input<string>[],
): pulumi.Output<string> {
  return pulumi.all([value, ...ready]).apply(([known]) => known as string);
}
