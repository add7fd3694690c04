import type { Exemption } from "./lib/exemptions";

/**
 * Temporary exemptions. After its expiry date, an exemption has no effect: the policy reports the violation again, with
 * the date. There are none at present.
 */
export const exemptions: readonly Exemption[] = [];
