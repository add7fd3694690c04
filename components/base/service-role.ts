import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "./component";
import { gated } from "./gated";
import { rolePrefix } from "./naming";

type Statement = pulumi.Input<aws.iam.PolicyStatement>;

export interface ServiceRoleArgs {
  /** The single statement of the trust policy. */
  readonly trust: aws.iam.PolicyStatement;
  /** Statements of the inline policy. Default: none. */
  readonly statements?: readonly Statement[];
  /** Key of its inline policy. Default: `<key>-policy`. */
  readonly policyKey?: string;
  /** AWS managed policies, by the key of the attachment. Default: none. */
  readonly managed?: Readonly<Record<string, string>>;
  readonly description?: string;
  /** Path of the role in IAM. Default: `/`. */
  readonly path?: string;
  /** Physical name, if others refer to the role. Default: generated from the resource's name. */
  readonly name?: string;
  /** ARN of the permissions boundary. Default: none. */
  readonly boundary?: pulumi.Input<string>;
  /** Seconds that a session may last, 3600 to 43200. Default: IAM's own, 3600. */
  readonly sessionSeconds?: number;
}

/** Trust in an AWS service that acts for this account. Source: IAM user guide, the confused deputy problem. */
export const trustOf = (service: string, accountId: string): aws.iam.PolicyStatement => ({
  Effect: "Allow",
  Principal: { Service: service },
  Action: "sts:AssumeRole",
  Condition: { StringEquals: { "aws:SourceAccount": accountId } },
});

/** A role, and its ARN for services that assume it. */
export interface ServiceRole {
  readonly role: aws.iam.Role;
  /** Known once the role has all its policies. A service that used it earlier would be denied. */
  readonly arn: pulumi.Output<string>;
}

/** An IAM role with its policies. */
export function serviceRole(
  parent: Component,
  key: string,
  {
    trust,
    statements = [],
    policyKey = `${key}-policy`,
    managed = {},
    description,
    path,
    name,
    boundary,
    sessionSeconds,
  }: ServiceRoleArgs,
): ServiceRole {
  const role = new aws.iam.Role(
    parent.child(key),
    {
      ...(name === undefined ? { namePrefix: rolePrefix(parent.child(key)) } : { name }),
      ...(path === undefined ? {} : { path }),
      ...(description === undefined ? {} : { description }),
      ...(boundary === undefined ? {} : { permissionsBoundary: boundary }),
      ...(sessionSeconds === undefined ? {} : { maxSessionDuration: sessionSeconds }),
      assumeRolePolicy: { Version: "2012-10-17", Statement: [trust] },
    },
    parent.inside,
  );
  const policies =
    statements.length === 0
      ? []
      : [
          new aws.iam.RolePolicy(
            parent.child(policyKey),
            { role: role.name, policy: { Version: "2012-10-17", Statement: [...statements] } },
            parent.inside,
          ),
        ];
  const attachments = Object.entries(managed).map(
    ([attachment, policyArn]) =>
      new aws.iam.RolePolicyAttachment(
        parent.child(attachment),
        { role: role.name, policyArn },
        parent.inside,
      ),
  );
  return {
    role,
    arn: gated(
      role.arn,
      [...policies, ...attachments].map(({ id }) => id),
    ),
  };
}

/** Statement that allows publishing metrics in one namespace of CloudWatch, which has no ARN. */
export const mayReport = (namespace: string): aws.iam.PolicyStatement => ({
  Sid: "Report",
  Effect: "Allow",
  Action: "cloudwatch:PutMetricData",
  Resource: "*",
  Condition: { StringEquals: { "cloudwatch:namespace": namespace } },
});
