/** One control of a published standard: the policies that implement it, or why it doesn't apply. */
export type StandardControl = readonly [id: string, title: string, rules: readonly string[] | string];

export interface PublishedStandard {
  name: string;
  url: string;
  controls: readonly StandardControl[];
}

/** Why an account-wide control doesn't apply to a stack. */
export const account = "An account-wide setting that no stack manages.";
