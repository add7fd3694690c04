import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Place, Statement } from "./statement";

/** The role that pushes images: its trust policy and its permissions. */

/** Issuer of the tokens of GitHub's workflows. */
export const issuer = "token.actions.githubusercontent.com";

/** A repository's name without the ids of `owner@id/name@id`. */
const nameOf = (repository: string): string => repository.replaceAll(/@\d+/g, "");

/**
 * The claims of tokens of these repositories. Ids are never reused, as a name can be; they count if every repository has
 * them. Source: GitHub, OpenID Connect reference; IAM user guide, "Available keys for AWS OIDC federation".
 */
export function from(...repositories: readonly string[]): Record<string, string[]> {
  const ids = repositories.flatMap((each) => /@(\d+)$/.exec(each)?.[1] ?? []);
  return {
    [`${issuer}:repository`]: repositories.map(nameOf),
    ...(ids.length === repositories.length && { [`${issuer}:repository_id`]: ids }),
  };
}

/** Subjects of a repository's tokens: with its ids if it was created after July 15, 2026. */
export const subjects = (repository: string, what: string): string[] =>
  [...new Set([nameOf(repository), repository])].map((each) => `repo:${each}:${what}`);

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
      ...from(...repositories),
      [`${issuer}:sub`]: repositories.flatMap((each) => subjects(each, "ref:refs/heads/main")),
    },
    // The caller pins a commit of the workflow, so the reference after @ varies.
    StringLike: { [`${issuer}:job_workflow_ref`]: `${nameOf(own)}/.github/workflows/image.yml@*` },
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
