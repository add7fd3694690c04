import { exemptions, type Exemption } from "../exemptions";

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
