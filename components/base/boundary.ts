import type * as pulumi from "@pulumi/pulumi";

/** Identities that a permissions boundary can limit. */
const identities: ReadonlySet<string> = new Set(["aws:iam/role:Role", "aws:iam/user:User"]);

/**
 * Sets the permissions boundary of every role and user below a component: the foundation's deploy role can't create
 * them without it.
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
