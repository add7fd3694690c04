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
 * Temporary exemptions. An exemption expires after its last day: from then on the rule reports the violation again,
 * with the expiry date. None is needed at present.
 */
export const exemptions: readonly Exemption[] = [];
