import type * as pulumi from "@pulumi/pulumi";

/** Identities that a permissions boundary can limit. */
const identities: ReadonlySet<string> = new Set(["aws:iam/role:Role", "aws:iam/user:User"]);

/**
 * Gives every role and user below a component the permissions boundary, wherever it is made: the foundation's deploy role
 * may make none without it.
 *
 * @param boundary ARN of the managed policy; undefined: nothing is changed.
 */
export const boundedBy = (boundary: string | undefined): pulumi.ResourceTransformation[] =>
  boundary === undefined
    ? []
    : [
        ({ type, props, opts }) =>
          identities.has(type) ? { props: { ...props, permissionsBoundary: boundary }, opts } : undefined,
      ];
