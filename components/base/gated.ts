import * as pulumi from "@pulumi/pulumi";

/** `value`, known only once everything in `ready` exists, so resources that use it need no `dependsOn`. */
export function gated(
  value: pulumi.Input<string>,
  ready: readonly pulumi.Input<string>[],
): pulumi.Output<string> {
  return pulumi.all([value, ...ready]).apply(([known]) => known as string);
}
