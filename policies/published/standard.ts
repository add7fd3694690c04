/** One control of a published standard: the rules that implement it, or why it doesn't apply. */
export type StandardControl = readonly [id: string, asks: string, rules: readonly string[] | string];

export interface PublishedStandard {
  name: string;
  url: string;
  controls: readonly StandardControl[];
}

/** Why an account-wide control doesn't apply to a stack. */
export const account = "A setting of the whole account, which no stack of Plinth owns.";
