import { sample, scenario, unknown } from "../scenario";
import { document } from "./buckets";

const account = "111122223333";
const stranger = "999988887777";
const allow = (Action: string | string[], Resource: unknown, rest: object = {}) =>
  document({ Effect: "Allow", Action, Resource, ...rest });
const pods = (tags: object) =>
  document({
    Effect: "Allow",
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Principal: { Service: "pods.eks.amazonaws.com" },
    Condition: { StringEquals: tags },
  });
const tags = {
  "aws:RequestTag/kubernetes-namespace": "ams",
  "aws:RequestTag/kubernetes-service-account": "ams-api",
};
const taken = (Service: string, rest: object = {}) =>
  document({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service }, ...rest });
const resource = (statement: object) =>
  document({ Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: "*", ...statement });
const tls = (service: string, rest: object = {}) => ({
  Effect: "Deny",
  Principal: "*",
  Action: `${service}:*`,
  Resource: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
  ...rest,
});

/** Permissions that policy documents must not grant, including known ways to bypass the policies. */
/** A key's policy that allows an action to a role. */
const toRole = (Action: string) =>
  document({ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:role/ci` }, Action, Resource: "*" });

interface Documents {
  endpoint: { props: { policy?: unknown } };
}

export const documents = [
  scenario(
    "IAM policies of a role",
    {
      aws: sample("pulumi:providers:aws", {
        ...({
          allowedAccountIds: JSON.stringify([account]),
          defaultTags: JSON.stringify({
            tags: { Project: "plinth", Environment: "dev", Owner: "x", CostCenter: "1" },
          }),
        } as object),
      }),
      // Its ID ends in twelve digits that are not an account ID.
      issued: sample(
        "aws:acm/certificateValidation:CertificateValidation" as "aws:sqs/queuePolicy:QueuePolicy",
        {
          certificateArn: `arn:aws:acm:ap-northeast-2:${account}:certificate/0f9c1b7e-2a44-4c5d-9e11-737522446446`,
        } as object as { policy: string; queueUrl: string },
      ),
      policy: sample("aws:iam/rolePolicy:RolePolicy", {
        role: unknown,
        policy: document(
          {
            Effect: "Allow",
            Action: ["s3:GetObject", "s3:PutObject"],
            Resource: ["arn:aws:s3:::uploads/*", unknown],
          },
          { Effect: "Allow", Action: ["ec2:Describe*", "logs:DescribeLogGroups"], Resource: "*" },
          {
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
            Resource: unknown,
            Condition: { StringEquals: { "kms:ViaService": "s3.ap-northeast-2.amazonaws.com" } },
          },
        ),
      }),
    },
    [
      // A pattern that matches everything counts as a wildcard, in any notation.
      [
        "iam-no-admin-statement",
        ({ policy }) => (policy.props.policy = allow("*:*", "arn:aws:s3:::uploads/*")),
      ],
      ["iam-no-admin-statement", ({ policy }) => (policy.props.policy = allow("**", "arn:aws:s3:::x"))],
      [
        "iam-no-admin-statement",
        ({ policy }) =>
          (policy.props.policy = document({
            Effect: "Allow",
            NotAction: "iam:*",
            Resource: "arn:aws:s3:::x",
          })),
      ],
      [
        ["iam-no-service-wildcard", "iam-no-escalation"],
        ({ policy }) => (policy.props.policy = allow("iam:Create*", "*")),
      ],
      [
        "iam-no-service-wildcard",
        ({ policy }) => (policy.props.policy = allow("s3:?*", "arn:aws:s3:::uploads/*")),
      ],
      [
        "iam-no-service-wildcard",
        ({ policy }) => (policy.props.policy = allow("s3:Get*", "arn:aws:s3:::uploads/*")),
      ],
      // A condition that matches everything restricts nothing.
      [
        "iam-resources-named",
        ({ policy }) =>
          (policy.props.policy = allow("s3:GetObject", "*", {
            Condition: { Bool: { "aws:SecureTransport": "true" } },
          })),
      ],
      [
        "iam-resources-named",
        ({ policy }) => (policy.props.policy = allow("s3:GetObject", "arn:aws:*:*:*:*")),
      ],
      [
        "iam-resources-named",
        ({ policy }) => (policy.props.policy = allow("s3:GetObject", "arn:aws:s3:::*")),
      ],
      [
        "iam-resources-named",
        ({ policy }) =>
          (policy.props.policy = allow("sqs:SendMessage", `arn:aws:sqs:ap-northeast-2:${account}:*`)),
      ],
      [
        "iam-resources-named",
        ({ policy }) =>
          (policy.props.policy = allow(
            "secretsmanager:GetSecretValue",
            `arn:aws:secretsmanager:ap-northeast-2:${account}:secret:*`,
          )),
      ],
      [
        "iam-resources-named",
        ({ policy }) =>
          (policy.props.policy = document({ Effect: "Allow", Action: "s3:GetObject", NotResource: "x" })),
      ],
      [
        "iam-no-pass-role-wildcard",
        ({ policy }) => (policy.props.policy = allow("iam:PassRole", `arn:aws:iam::${account}:role/*`)),
      ],
      [
        "iam-no-escalation",
        ({ policy }) =>
          (policy.props.policy = allow("iam:AttachRolePolicy", `arn:aws:iam::${account}:role/plinth-ci`)),
      ],
      ["iam-key-use-bound", ({ policy }) => (policy.props.policy = allow("kms:Decrypt", unknown))],
      [
        "iam-key-use-bound",
        ({ policy }) =>
          (policy.props.policy = allow("kms:GenerateDataKey*", unknown, {
            Condition: { StringNotEquals: { "kms:ViaService": "s3.ap-northeast-2.amazonaws.com" } },
          })),
      ],
      [
        "aws-own-account-only",
        ({ policy }) =>
          (policy.props.policy = allow("sts:AssumeRole", `arn:aws:iam::${stranger}:role/plinth`)),
      ],
    ],
  ),
  scenario(
    "trust policies of a role",
    {
      pod: sample("aws:iam/role:Role", { assumeRolePolicy: pods(tags) }),
      flows: sample("aws:iam/role:Role", {
        assumeRolePolicy: taken("vpc-flow-logs.amazonaws.com", {
          Condition: { StringEquals: { "aws:SourceAccount": account } },
        }),
      }),
    },
    [
      ["iam-trust-source-bound", ({ pod }) => (pod.props.assumeRolePolicy = pods({}))],
      [
        "iam-trust-source-bound",
        ({ pod }) =>
          (pod.props.assumeRolePolicy = pods({ ...tags, "aws:RequestTag/kubernetes-service-account": "*" })),
      ],
      [
        "iam-trust-source-bound",
        ({ flows }) => (flows.props.assumeRolePolicy = taken("vpc-flow-logs.amazonaws.com")),
      ],
      [
        "iam-trust-source-bound",
        ({ flows }) =>
          (flows.props.assumeRolePolicy = taken("vpc-flow-logs.amazonaws.com", {
            Condition: { ArnLike: { "aws:SourceArn": "arn:aws:ec2:*:*:vpc-flow-log/*" } },
          })),
      ],
      [
        "iam-trust-not-open",
        ({ pod }) =>
          (pod.props.assumeRolePolicy = document({
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { AWS: "arn:aws:iam::*:root" },
            Condition: { Bool: { "aws:SecureTransport": "true" } },
          })),
      ],
    ],
  ),
  scenario(
    "resource policies",
    {
      secret: sample("aws:secretsmanager/secretPolicy:SecretPolicy" as "aws:sqs/queuePolicy:QueuePolicy", {
        policy: resource({ Principal: { AWS: `arn:aws:iam::${account}:role/reader` } }),
      }),
      endpoint: sample("aws:ec2/vpcEndpoint:VpcEndpoint" as "aws:sqs/queuePolicy:QueuePolicy", {
        policy: document(
          {
            Effect: "Allow",
            Principal: "*",
            Action: "s3:*",
            Resource: "*",
            Condition: { StringEquals: { "aws:ResourceAccount": account } },
          },
          {
            Effect: "Allow",
            Principal: "*",
            Action: "s3:GetObject",
            Resource: "arn:aws:s3:::prod-eu-central-1-starport-layer-bucket/*",
          },
        ),
      }),
      key: sample("aws:kms/keyPolicy:KeyPolicy", {
        policy: document({
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: "kms:*",
          Resource: "*",
        }),
      }),
      topic: sample("aws:sns/topicPolicy:TopicPolicy", { policy: document(tls("sns")) }),
      bucket: sample("aws:s3/bucketPolicy:BucketPolicy", { policy: document(tls("s3")) }),
      permission: sample(
        "aws:lambda/permission:Permission" as "aws:sqs/queuePolicy:QueuePolicy",
        {
          action: "lambda:InvokeFunction",
          principal: "events.amazonaws.com",
          sourceArn: unknown,
        } as object,
      ),
    },
    [
      ["resource-policy-not-open", ({ secret }) => (secret.props.policy = resource({ Principal: "*" }))],
      [
        "resource-policy-not-open",
        ({ secret }) =>
          (secret.props.policy = resource({
            Principal: "*",
            Condition: { StringNotEquals: { "aws:PrincipalAccount": stranger } },
          })),
      ],
      [
        "resource-policy-not-open",
        ({ secret }) =>
          (secret.props.policy = resource({
            Principal: { AWS: "*" },
            Condition: { StringLikeIfExists: { "aws:PrincipalArn": `arn:aws:iam::${account}:role/x` } },
          })),
      ],
      [
        "resource-policy-not-open",
        ({ secret }) =>
          (secret.props.policy = resource({
            NotPrincipal: { AWS: `arn:aws:iam::${account}:role/x` },
          })),
      ],
      [
        "resource-policy-actions-listed",
        ({ secret }) =>
          (secret.props.policy = resource({
            Principal: { AWS: `arn:aws:iam::${account}:role/reader` },
            Action: "secretsmanager:*",
          })),
      ],
      [
        "resource-policy-source-bound",
        ({ secret }) => (secret.props.policy = resource({ Principal: { Service: "rds.amazonaws.com" } })),
      ],
      ...["*", "arn:aws:*:*:*:*", "arn:aws:s3:::*"].map((Resource): [string, (stack: Documents) => void] => [
        "ec2-endpoint-policy",
        ({ endpoint }) =>
          (endpoint.props.policy = document({
            Effect: "Allow",
            Principal: "*",
            Action: "s3:GetObject",
            Resource,
          })),
      ]),
      [
        "ec2-endpoint-policy",
        ({ endpoint }) =>
          (endpoint.props.policy = document({
            Effect: "Allow",
            Principal: "*",
            Action: "ecr:*",
            Resource: "*",
            Condition: { StringEquals: { "aws:PrincipalAccount": account } },
          })),
      ],
      [
        "ec2-endpoint-policy",
        ({ endpoint }) =>
          (endpoint.props.policy = document({
            Effect: "Allow",
            Principal: "*",
            Action: "*",
            Resource: "*",
          })),
      ],
      ["kms-policy-by-iam", ({ key }) => (key.props.policy = toRole("kms:*"))],
      ["kms-grants-for-services", ({ key }) => (key.props.policy = toRole("kms:CreateGrant"))],
      [
        "resource-policy-source-bound",
        ({ key }) =>
          (key.props.policy = document({
            Effect: "Allow",
            Principal: { Service: "logs.ap-northeast-2.amazonaws.com" },
            Action: "kms:Decrypt",
            Resource: "*",
          })),
      ],
      // A second condition allows what it doesn't match.
      [
        "sns-policy-tls-only",
        ({ topic }) =>
          (topic.props.policy = document(
            tls("sns", {
              Condition: {
                Bool: { "aws:SecureTransport": "false" },
                StringEquals: { "aws:PrincipalAccount": account },
              },
            }),
          )),
      ],
      [
        "s3-policy-tls-only",
        ({ bucket }) =>
          (bucket.props.policy = document(
            tls("s3", { Condition: { BoolIfExists: { "aws:SecureTransport": ["false", "true"] } } }),
          )),
      ],
      [
        ["s3-policy-tls-only"],
        ({ bucket }) => (bucket.props.policy = document(tls("s3", { Principal: { AWS: account } }))),
      ],
      // Regression: any condition used to count as a restriction.
      [
        ["s3-policy-not-public"],
        ({ bucket }) =>
          (bucket.props.policy = document(tls("s3"), {
            Effect: "Allow",
            Principal: "*",
            Action: "s3:GetObject",
            Resource: "arn:aws:s3:::uploads/*",
            Condition: { Bool: { "aws:SecureTransport": "true" } },
          })),
      ],
      [
        "lambda-permission-bound",
        ({ permission }) => Object.assign(permission.props, { sourceArn: undefined }),
      ],
      ["lambda-permission-bound", ({ permission }) => Object.assign(permission.props, { principal: "*" })],
      [
        "lambda-permission-bound",
        ({ permission }) => Object.assign(permission.props, { functionUrlAuthType: "NONE" }),
      ],
      [
        "lambda-url-authorized",
        ({ permission }) =>
          Object.assign(permission, {
            type: "aws:lambda/functionUrl:FunctionUrl",
            props: { authorizationType: "NONE" },
          }),
      ],
      [
        "eks-access-policy-known",
        ({ permission }) =>
          Object.assign(permission, {
            type: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
            props: {
              policyArn: "arn:aws:eks::aws:cluster-access-policy/Other",
              accessScope: { type: "cluster" },
            },
          }),
      ],
      [
        "eks-access-entry-plain",
        ({ permission }) =>
          Object.assign(permission, {
            type: "aws:eks/accessEntry:AccessEntry",
            props: { principalArn: `arn:aws:iam::${account}:root` },
          }),
      ],
    ],
  ),
];
