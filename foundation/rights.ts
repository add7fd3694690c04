import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Context } from "../components/base/context";
import { dnsRights } from "./dns-rights";
import { natInstanceRights } from "./nat-instance-rights";

/** What the deploy roles may do, with the reason why it isn't narrower. */

export type Statement = aws.iam.PolicyStatement;
export type Place = Pick<Context, "prefix" | "accountId" | "region"> & {
  /** Region of copies. Default: none. */
  readonly secondRegion?: string | undefined;
};

/**
 * Services of the region whose resources an environment is made of. A name can't be given where a resource doesn't exist
 * yet, and most of their actions that make something take no resource: so all actions, in these regions alone.
 */
const services = [
  "acm",
  "aps",
  "backup",
  "cloudfront",
  "cloudwatch",
  "ec2",
  "ecr",
  "eks",
  "elasticache",
  "elasticfilesystem",
  "elasticloadbalancing",
  "es",
  "events",
  "firehose",
  "fis",
  "kms",
  "lambda",
  "logs",
  "rds",
  "route53resolver",
  "s3",
  "scheduler",
  "secretsmanager",
  "ses",
  "shield",
  "sns",
  "sqs",
  "wafv2",
];

/** Single actions of other services in the same regions. */
const besides = [
  // AWS Backup opens the storage of a new vault for the caller. Source: AWS Backup developer guide, access control.
  "backup-storage:MountCapsule",
  // The preflight before a first deployment compares them with what the environment needs.
  "servicequotas:GetAWSDefaultServiceQuota",
  "servicequotas:GetServiceQuota",
];

/** Actions that make an identity or give it more: only with the boundary. Source: IAM service authorization reference. */
const giving = [
  "iam:AttachRolePolicy",
  "iam:CreateRole",
  "iam:CreateUser",
  "iam:DeleteRolePolicy",
  "iam:DeleteUserPolicy",
  "iam:DetachRolePolicy",
  "iam:PutRolePermissionsBoundary",
  "iam:PutRolePolicy",
  "iam:PutUserPermissionsBoundary",
  "iam:PutUserPolicy",
];

/** The same and others of the kind, which no deployment needs. */
export const bounded = [...giving, "iam:AttachUserPolicy", "iam:DetachUserPolicy"];

/** The rest of what a role or user's life takes: it gives nobody more. */
const unbounded = [
  "iam:CreateAccessKey",
  "iam:DeleteAccessKey",
  "iam:DeleteRole",
  "iam:DeleteUser",
  "iam:Get*",
  "iam:List*",
  "iam:TagRole",
  "iam:TagUser",
  "iam:UntagRole",
  "iam:UntagUser",
  "iam:UpdateAccessKey",
  "iam:UpdateAssumeRolePolicy",
  "iam:UpdateRole",
  "iam:UpdateRoleDescription",
];

/** Names of roles and users by the component of the region that they belong to. IAM itself is global. */
const namesIn = ({ secondRegion }: Place) => [
  "primary-*",
  ...(secondRegion === undefined ? [] : ["standby-*"]),
];

/**
 * ARNs of an environment's roles and users. The foundation's own have other names, and so have those of people. Readers
 * of secrets have a path of their own, which is in the ARN.
 *
 * @param kinds Kinds of resources of IAM. Default: roles and users.
 */
export const identities = (place: Place, kinds: readonly string[] = ["role", "user"]) =>
  kinds
    .flatMap((kind) => (kind === "role" ? [kind, `role/${place.prefix}-*/secrets`] : [kind]))
    .flatMap((kind) => namesIn(place).map((name) => `arn:aws:iam::${place.accountId}:${kind}/${name}`));

/** What `pulumi up` of an environment needs. */
export function deployRights(
  place: Place,
  boundary: string,
  zoneIds: readonly pulumi.Input<string>[],
): Statement[] {
  const { prefix, accountId, region, secondRegion } = place;
  const regions = [region, ...(secondRegion === undefined ? [] : [secondRegion])];
  return [
    {
      Sid: "ServicesOfTheRegion",
      Effect: "Allow",
      Action: [...services.map((service) => `${service}:*`), ...besides],
      Resource: "*",
      // CloudFront, its certificates and its web ACL are in us-east-1, wherever the environment is.
      Condition: { StringEquals: { "aws:RequestedRegion": [...regions, "us-east-1"] } },
    },
    ...dnsRights(zoneIds),
    {
      // By the environments' prefixes, which begin with the foundation's. Without budget actions, which could give roles
      // policies.
      Sid: "Budgets",
      Effect: "Allow",
      Action: [
        "budgets:ListTagsForResource",
        "budgets:ModifyBudget",
        "budgets:TagResource",
        "budgets:UntagResource",
        "budgets:ViewBudget",
      ],
      Resource: `arn:aws:budgets::${accountId}:budget/${prefix}-*`,
    },
    {
      Sid: "BoundedIdentities",
      Effect: "Allow",
      Action: giving,
      Resource: identities(place),
      Condition: { StringEquals: { "iam:PermissionsBoundary": boundary } },
    },
    { Sid: "Identities", Effect: "Allow", Action: unbounded, Resource: identities(place) },
    {
      Sid: "PassRoles",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: identities(place, ["role"]),
    },
    ...natInstanceRights(place, namesIn(place)),
    {
      // Each service makes its own role with the first use of it in an account.
      Sid: "ServiceLinkedRoles",
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource: `arn:aws:iam::${accountId}:role/aws-service-role/*`,
    },
    {
      // The preflight asks whether people's roles and those of services exist. IAM finds no path of a role that doesn't.
      Sid: "RolesThatExist",
      Effect: "Allow",
      Action: "iam:GetRole",
      Resource: `arn:aws:iam::${accountId}:role/*`,
      Condition: { StringEquals: { "aws:ResourceAccount": accountId } },
    },
  ];
}
