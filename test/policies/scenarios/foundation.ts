import { sample, scenario, unknown } from "../scenario";
import { document } from "./buckets";

const boundaryArn = "arn:aws:iam::111122223333:policy/plinth-boundary";
const everything = { Effect: "Allow", Action: "*", Resource: "*" };
const unbounded = {
  Effect: "Deny",
  Action: ["iam:CreateRole", "iam:CreateUser", "iam:PutRolePolicy", "iam:AttachRolePolicy"],
  Resource: "*",
  Condition: { StringNotEquals: { "iam:PermissionsBoundary": boundaryArn } },
};
const lifts = {
  Effect: "Deny",
  Action: ["iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"],
  Resource: "*",
};
const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment" as const;

/** Account-wide resources. */
export const foundation = [
  scenario(
    "a deploy role",
    {
      "foundation-pipelines-boundary": sample("aws:iam/policy:Policy", {
        policy: document(everything, unbounded, lifts),
      }),
      "foundation-pipelines-deploy": sample("aws:iam/policy:Policy", {
        policy: document({
          Effect: "Allow",
          Action: "ec2:*",
          Resource: "*",
          Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } },
        }),
      }),
      role: sample("aws:iam/role:Role", {
        permissionsBoundary: boundaryArn,
        assumeRolePolicy: document({
          Effect: "Allow",
          Action: "sts:AssumeRoleWithWebIdentity",
          Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/github" },
          Condition: {
            StringEquals: {
              "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
              "token.actions.githubusercontent.com:sub": "repo:acme/plinth:environment:prod",
            },
          },
        }),
      }),
      attachment: sample(
        attachment,
        { role: unknown, policyArn: unknown },
        { refs: { role: ["role"], policyArn: ["foundation-pipelines-deploy"] } },
      ),
    },
    [
      ["iam-deploy-role-bounded", ({ role }) => delete role.props.permissionsBoundary],
      [
        "iam-deploy-role-bounded",
        (stack) => (stack["foundation-pipelines-boundary"].props.policy = document(everything, unbounded)),
      ],
      [
        "iam-deploy-role-bounded",
        (stack) => (stack["foundation-pipelines-boundary"].props.policy = document(everything, lifts)),
      ],
      [
        "iam-deploy-role-bounded",
        (stack) => (stack.attachment.refs = { role: ["role"], policyArn: ["foundation-pipelines-boundary"] }),
      ],
      [
        "iam-federated-trust-bound",
        ({ role }) =>
          (role.props.assumeRolePolicy = document({
            Effect: "Allow",
            Action: "sts:AssumeRoleWithWebIdentity",
            Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/github" },
            Condition: {
              StringEquals: {
                "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                "token.actions.githubusercontent.com:sub": "repo:acme/plinth:pull_request",
              },
            },
          })),
      ],
    ],
  ),
];
