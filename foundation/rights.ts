import type * as pulumi from "@pulumi/pulumi";
import { dnsRights } from "./dns-rights";
import { natInstanceRights } from "./nat-instance-rights";
import type { Place, Statement } from "./statement";
import { stateStatements, type States } from "./state-rights";

/** What the roles of CI may do: three documents, each with the reason why it isn't narrower. */

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
  "sns",
  "sqs",
  "wafv2",
];

/** Actions that make an identity or give it more: only with the boundary. Source: IAM service authorization reference. */
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
 * Roles and users of an environment. The foundation's own have other names, and so have those of people. Readers of
 * secrets have a path of their own, which is in the ARN.
 */
const identities = (place: Place) =>
  ["role", `role/${place.prefix}-*/secrets`, "user"].flatMap((kind) =>
    namesIn(place).map((name) => `arn:aws:iam::${place.accountId}:${kind}/${name}`),
  );

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
      // Each service makes its own role with the first use of it in an account.
      Sid: "ServiceLinkedRoles",
      Effect: "Allow",
      Action: ["iam:CreateServiceLinkedRole", "iam:GetRole"],
      Resource: `arn:aws:iam::${accountId}:role/aws-service-role/*`,
    },
  ];
}

/** What a preview reads: the state, the secrets in its own environment's state, and the resources, but not their data. */
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
    // The report of the secrets' ages, which has no values.
    Sid: "AskForAges",
    Effect: "Allow",
    Action: "lambda:InvokeFunction",
    Resource: `arn:aws:lambda:${place.region}:${place.accountId}:function:${place.prefix}-*-secret-ages`,
  },
];
