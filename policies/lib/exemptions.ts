import { exemptions } from "../exemptions";

/** A temporary exemption of one resource from one policy. */
export interface Exemption {
  /** Name of the policy. */
  rule: string;
  /** Full name of the resource in the program. */
  resource: string;
  reason: string;
  /** Responsible team or person. */
  owner: string;
  /** Last day in UTC, such as `2027-03-31`. */
  until: string;
}

/**
 * The message of a policy about a resource. With a valid exemption it is undefined; with an expired one it contains the
 * expiry date. The URN identifies the resource, because it ends in its name.
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
