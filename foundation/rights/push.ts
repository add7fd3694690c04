import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Place, Statement } from "./statement";

/** The role that pushes images: its trust policy and its permissions. */

/** Issuer of the tokens of GitHub's workflows. */
export const issuer = "token.actions.githubusercontent.com";

/** Admits only `image.yml` of our own repository, called from `main` of the systems' repositories. */
export const pushTrust = (
  provider: pulumi.Input<string>,
  own: string,
  repositories: readonly string[],
): aws.iam.PolicyStatement => ({
  Effect: "Allow",
  Action: "sts:AssumeRoleWithWebIdentity",
  Principal: { Federated: provider },
  Condition: {
    StringEquals: {
      [`${issuer}:aud`]: "sts.amazonaws.com",
      [`${issuer}:repository`]: [...repositories],
      [`${issuer}:sub`]: repositories.map((name) => `repo:${name}:ref:refs/heads/main`),
    },
    // The caller pins a commit of the workflow, so the reference after @ varies.
    StringLike: { [`${issuer}:job_workflow_ref`]: `${own}/.github/workflows/image.yml@*` },
  },
});

/** Permissions to push an image. Source: ECR user guide, "IAM permissions for pushing an image". */
export const pushRights = ({ accountId, region }: Place, repositories: readonly string[]): Statement[] => [
  { Sid: "Login", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
  {
    Sid: "Push",
    Effect: "Allow",
    Action: [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ],
    Resource: repositories.map((name) => `arn:aws:ecr:${region}:${accountId}:repository/${name}`),
  },
];
