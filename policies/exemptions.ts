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
 * Temporary exemptions. After its expiry date, an exemption has no effect: the policy reports the violation again, with
 * the date. There are none at present.
 */
export const exemptions: readonly Exemption[] = [];
