import type { Exemption } from "./lib/exemptions";

/**
 * Temporary exemptions. An exemption expires after its last day: from then on the rule reports the violation again,
 * with the expiry date. None is needed at present.
 */
export const exemptions: readonly Exemption[] = [];
