/** One control of a published standard: the rules that ask for it, or why it doesn't apply. */
export type StandardControl = readonly [id: string, asks: string, rules: readonly string[] | string];

export interface PublishedStandard {
  name: string;
  url: string;
  controls: readonly StandardControl[];
}

/** Why a control of the account is none of a stack. */
export const account = "A setting of the whole account, which no stack of Plinth owns.";
