import { exemptions } from "../exemptions";

/** A temporary exemption of one resource from one rule. */
export interface Exemption {
  /** Name of the rule. */
  rule: string;
  /** Full name of the resource in the program. */
  resource: string;
  reason: string;
  /** Responsible team or person. */
  owner: string;
  /** Last day, `2027-03-31`, in UTC. */
  until: string;
}

/**
 * The message of a rule about a resource: undefined with a valid exemption; with an expired one, the message and the
 * expiry date. The resource is identified by its URN, which ends in its name.
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
  return `${message} (The exemption "${found.reason}" expired on ${found.until}; contact ${found.owner}.)`;
}
