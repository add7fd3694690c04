import { z } from "zod";
import { flag } from "../values";

/** Value of the consent key: what Shield Advanced costs. Source: AWS Shield pricing. */
const consent = "3000 USD a month for a year";

export const shieldKeys = {
  shieldAdvanced: flag
    .default(false)
    .describe(
      "AWS Shield Advanced for the load balancer and the CDN: 3000 USD a month for the whole organisation, for at least a year. Default: false; Shield Standard is always on.",
    ),
  shieldConsent: z
    .literal(consent, { error: `"${consent}", which is what Shield Advanced costs` })
    .optional()
    .describe(`Consent to the price of Shield Advanced: "${consent}".`),
};

/** Refuses a subscription without consent, and consent without a subscription. */
export function checkShield(
  { shieldAdvanced, shieldConsent }: { shieldAdvanced: boolean; shieldConsent?: string | undefined },
  context: z.core.$RefinementCtx,
): void {
  if (shieldAdvanced === (shieldConsent !== undefined)) return;
  context.addIssue({
    code: "custom",
    path: [shieldAdvanced ? "shieldConsent" : "shieldAdvanced"],
    message: shieldAdvanced
      ? `"${consent}": Shield Advanced can't be cancelled for a year; or remove shieldAdvanced`
      : "true together with shieldConsent; or remove shieldConsent",
  });
}
