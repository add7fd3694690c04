import { may, type Words } from "../stacks/iam/rights";
import type { Condition } from "../support/iam/grants";

/** What tokens of GitHub's workflows say. The stack file writes repositories as `owner@id/name@id`. */

export const issuer = "token.actions.githubusercontent.com";

/** The names of repositories, without ids. */
export const namesOf = (repositories: readonly string[]): string[] =>
  repositories.map((each) => each.replaceAll(/@\d+/g, ""));

/** Subjects of old repositories' tokens, and of new ones'. */
export const subjects = (repositories: readonly string[], what: string): string[] =>
  repositories.flatMap((each) => [...namesOf([each]), each].map((name) => `repo:${name}:${what}`));

/** GitHub's workflows assume a role with a token of these repositories, for these subjects and claims. */
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
    ["StringEquals", `${issuer}:repository`, ...namesOf(repositories)],
    ["StringEquals", `${issuer}:repository_id`, ...repositories.map((each) => each.replace(/^.*@/, ""))],
    ...Object.entries(claims).map(
      ([claim, values]) =>
        [
          values.join().includes("*") ? "StringLike" : "StringEquals",
          `${issuer}:${claim}`,
          ...values,
        ] as const,
    ),
    ...more,
  );
