import { exemptions, type Exemption } from "../exemptions";

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
