import type { FoundationSettings } from "../../config";
import { may, type Words } from "../stacks/iam/rights";
import type { Condition } from "../support/iam/grants";

/** Claims of GitHub's tokens. The stack file writes repositories as `owner@id/name@id`. */

export const issuer = "token.actions.githubusercontent.com";

/** The name of a repository, without ids. */
export const nameOf = (repository: string): string => repository.replaceAll(/@\d+/g, "");

/** Subjects of old repositories' tokens, and of new ones'. */
export const subjects = (repositories: readonly string[], what: string): string[] =>
  repositories.flatMap((each) => [nameOf(each), each].map((name) => `repo:${name}:${what}`));

/** References that may deploy: branches, and the tags of published releases. */
export const refs = (
  environment: FoundationSettings["pipelines"]["environments"][string] | undefined,
): string[] => [
  ...(environment?.branches ?? []).map((branch) => `refs/heads/${branch}`),
  ...(environment?.releaseTags ?? []).map((tag) => `refs/tags/${tag}`),
];

/** Workflows assume a role with a token of these repositories, for these subjects and claims. */
export const github = (
  words: Words,
  role: string,
  repositories: readonly string[],
  claims: Record<string, string[]>,
  ...more: readonly Condition[]
): string[] =>
  may(
    `Federated arn:aws:iam::${words.account}:oidc-provider/${issuer}`,
    ["sts:AssumeRoleWithWebIdentity"],
    `the role of ${role}`,
    ["StringEquals", `${issuer}:aud`, "sts.amazonaws.com"],
    ["StringEquals", `${issuer}:repository`, ...repositories.map(nameOf)],
    ["StringEquals", `${issuer}:repository_id`, ...repositories.map((each) => each.replace(/^.*@/, ""))],
    ...Object.entries(claims).map(
      ([claim, values]) => ["StringEquals", `${issuer}:${claim}`, ...values] as const,
    ),
    ...more,
  );
