import type * as pulumi from "@pulumi/pulumi";
import { dnsRights } from "./dns-rights";
import { natInstanceRights } from "./nat-instance-rights";
import type { Place, Statement } from "./statement";
import { stateStatements, type States } from "./state-rights";

/** Permissions of the roles of CI: three documents, each with the reason why it isn't narrower. */

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
  "sns",
  "sqs",
  "wafv2",
];

/**
 * Actions that create an identity or grant it permissions: only with the boundary. Source: IAM service authorization
 * reference.
 */
export const bounded = [
  "iam:AttachRolePolicy",
  "iam:AttachUserPolicy",
  "iam:CreateRole",
  "iam:CreateUser",
  "iam:DeleteRolePolicy",
  "iam:DeleteUserPolicy",
  "iam:DetachRolePolicy",
  "iam:DetachUserPolicy",
  "iam:PutRolePermissionsBoundary",
  "iam:PutRolePolicy",
  "iam:PutUserPermissionsBoundary",
  "iam:PutUserPolicy",
];

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
 * Roles and users of an environment. Those of the foundation and of people have other names. Readers of secrets have
 * their own path in the ARN.
 */
const identities = (place: Place) =>
  ["role", `role/${place.prefix}-*/secrets`, "user"].flatMap((kind) =>
    namesIn(place).map((name) => `arn:aws:iam::${place.accountId}:${kind}/${name}`),
  );

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
      Action: services.map((service) => `${service}:*`),
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
      Action: bounded,
      Resource: identities(place),
      Condition: { StringEquals: { "iam:PermissionsBoundary": boundary } },
    },
    { Sid: "Identities", Effect: "Allow", Action: unbounded, Resource: identities(place) },
    {
      Sid: "PassRoles",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: identities(place).filter((arn) => arn.includes(":role/")),
    },
    ...natInstanceRights(place, namesIn(place)),
    {
      // Each service creates its service-linked role when an account first uses it.
      Sid: "ServiceLinkedRoles",
      Effect: "Allow",
      Action: ["iam:CreateServiceLinkedRole", "iam:GetRole"],
      Resource: `arn:aws:iam::${accountId}:role/aws-service-role/*`,
    },
  ];
}

/**
 * Permissions of a preview: to read the state, the secrets in its own environment's state, and resources, but not their
 * data.
 */
export const previewRights = (place: Place, environment: string, buckets: States): Statement[] => [
  ...stateStatements(environment, buckets, {
    objects: ["s3:GetObject"],
    key: ["kms:Decrypt"],
    secrets: ["kms:Decrypt"],
  }),
  {
    Sid: "Look",
    Effect: "Allow",
    Action: [
      "cloudwatch:Describe*",
      "ec2:Describe*",
      "ecr:Describe*",
      "eks:Describe*",
      "eks:List*",
      "elasticache:Describe*",
      "rds:Describe*",
      "route53:List*",
      "servicequotas:List*",
    ],
    Resource: "*",
  },
  {
    // Invokes the report of the secrets' ages, which contains no values.
    Sid: "AskForAges",
    Effect: "Allow",
    Action: "lambda:InvokeFunction",
    Resource: `arn:aws:lambda:${place.region}:${place.accountId}:function:${place.prefix}-*-secret-ages`,
  },
];
