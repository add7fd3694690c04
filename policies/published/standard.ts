/** One control of a published standard: the policies that implement it, or why there are none. */
export type StandardControl = readonly [id: string, title: string, rules: readonly string[] | string];

export interface PublishedStandard {
  name: string;
  url: string;
  controls: readonly StandardControl[];
}

/** Why no policy implements an account-wide control. */
export const account = "An account-wide setting that no stack manages.";
