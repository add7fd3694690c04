import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** The trust policies of the roles that GitHub Actions workflows assume. */

/** Issuer of the tokens of GitHub's workflows. */
export const issuer = "token.actions.githubusercontent.com";

/** A repository's name without the ids of `owner@id/name@id`. */
const nameOf = (repository: string): string => repository.replaceAll(/@\d+/g, "");

/**
 * The claims of tokens of these repositories. Ids are never reused, as a name can be; they count if every repository has
 * them. Source: GitHub, OpenID Connect reference; IAM user guide, "Available keys for AWS OIDC federation".
 */
function from(repositories: readonly string[]): Record<string, string[]> {
  const ids = repositories.flatMap((each) => /@(\d+)$/.exec(each)?.[1] ?? []);
  return {
    [`${issuer}:repository`]: repositories.map(nameOf),
    ...(ids.length === repositories.length && { [`${issuer}:repository_id`]: ids }),
  };
}

/** Subjects of a repository's tokens: with its ids if it was created after July 15, 2026. */
const subjects = (repository: string, what: string): string[] =>
  [...new Set([nameOf(repository), repository])].map((each) => `repo:${each}:${what}`);

/**
 * Admits workflows of these repositories.
 *
 * @param provider ARN of GitHub's identity provider in the account.
 * @param jobs What follows the repository in the subject: `environment:<name>`, or `ref:refs/heads/<branch>`.
 * @param more Further claims, by operator. Default: none.
 */
export const gitHubTrust = (
  provider: pulumi.Input<string>,
  repositories: readonly string[],
  jobs: readonly string[],
  more: Partial<Record<"StringEquals" | "StringLike", Record<string, string | string[]>>> = {},
): aws.iam.PolicyStatement => ({
  Effect: "Allow",
  Action: "sts:AssumeRoleWithWebIdentity",
  Principal: { Federated: provider },
  Condition: {
    StringEquals: {
      [`${issuer}:aud`]: "sts.amazonaws.com",
      ...from(repositories),
      [`${issuer}:sub`]: repositories.flatMap((each) => jobs.flatMap((job) => subjects(each, job))),
      ...more.StringEquals,
    },
    ...(more.StringLike && { StringLike: more.StringLike }),
  },
});

/** Admits only `image.yml` of our own repository, called from `main` of the systems' repositories. */
export const pushTrust = (
  provider: pulumi.Input<string>,
  own: string,
  repositories: readonly string[],
): aws.iam.PolicyStatement =>
  gitHubTrust(provider, repositories, ["ref:refs/heads/main"], {
    // The caller pins a commit of the workflow, so the reference after @ varies.
    StringLike: { [`${issuer}:job_workflow_ref`]: `${nameOf(own)}/.github/workflows/image.yml@*` },
  });
