import { exemptions } from "../exemptions";

/** Leave for one resource not to keep one rule, for a time. */
export interface Exemption {
  /** Name of the rule. */
  rule: string;
  /** Name of the resource, whole, as the program gives it. */
  resource: string;
  reason: string;
  /** Who answers for it: a team or a person. */
  owner: string;
  /** Last day, `2027-03-31`, in UTC. */
  until: string;
}

/**
 * What a rule may say of a resource: nothing where an exemption stands, and where one has run out the message with its
 * end. A resource is known by its URN, which ends in its name.
 */
export function spoken(
  rule: string,
  urn: string | undefined,
  message: string,
  list: readonly Exemption[] = exemptions,
  today = new Date(),
): string | undefined {
  const found = list.find((one) => one.rule === rule && urn?.endsWith(`::${one.resource}`) === true);
  if (found === undefined) return message;
  if (today.toISOString().slice(0, 10) <= found.until) return undefined;
  return `${message} (Its exemption, for "${found.reason}", ended on ${found.until}; ask ${found.owner}.)`;
}
