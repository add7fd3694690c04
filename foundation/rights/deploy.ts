import type * as pulumi from "@pulumi/pulumi";
import { dnsRights } from "./dns";
import { natInstanceRights } from "./nat-instance";
import type { Place, Statement } from "./statement";

/** Permissions of the deploy roles, with the reason why they aren't narrower. */

/**
 * Services of an environment's regional resources. New resources have no ARN yet, and most create actions have no
 * resource-level permissions. So all actions are allowed, only in these regions.
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
  // AWS Backup creates the storage of a new vault on behalf of the caller. Source: AWS Backup developer guide, access control.
  "backup-storage:MountCapsule",
  // The preflight before a first deployment compares quotas with the environment's needs.
  "servicequotas:GetAWSDefaultServiceQuota",
  "servicequotas:GetServiceQuota",
];

/**
 * Actions that create an identity or grant it permissions: only with the boundary. Source: IAM service authorization
 * reference.
 */
const granting = [
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

/** The same, and similar actions that no deployment needs. */
export const bounded = [...granting, "iam:AttachUserPolicy", "iam:DetachUserPolicy"];

/** Other actions on roles and users, which grant nothing. */
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
 * ARNs of an environment's roles and users. Those of the foundation and of people have other names. Readers of secrets
 * have their own path in the ARN.
 *
 * @param kinds Kinds of IAM resources. Default: roles and users.
 */
export const identities = (place: Place, kinds: readonly string[] = ["role", "user"]) =>
  kinds
    .flatMap((kind) => (kind === "role" ? [kind, `role/${place.prefix}-*/secrets`] : [kind]))
    .flatMap((kind) => namesIn(place).map((name) => `arn:aws:iam::${place.accountId}:${kind}/${name}`));

/** Permissions that `pulumi up` of an environment needs. */
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
      Action: granting,
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
      // Each service creates its service-linked role when an account first uses it.
      Sid: "ServiceLinkedRoles",
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource: `arn:aws:iam::${accountId}:role/aws-service-role/*`,
    },
    {
      // The preflight checks whether people's roles and those of services exist. The ARN of a missing role has no path.
      Sid: "RolesThatExist",
      Effect: "Allow",
      Action: "iam:GetRole",
      Resource: `arn:aws:iam::${accountId}:role/*`,
      Condition: { StringEquals: { "aws:ResourceAccount": accountId } },
    },
  ];
}
