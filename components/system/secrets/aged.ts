import type { CredentialsSettings, SystemSettings } from "../../../config";
import type { Rule } from "../../../functions/secret-ages/ages";
import type { SystemSpec } from "../../../systems/spec";
import type { Context } from "../../base/context";
import { originEntry } from "../../edge/cdn-origin";
import { entryName } from "../../security/secret-entry";
import { readers } from "../wiring";

/** Days in which Secrets Manager retries a rotation that failed, until an alarm is raised. */
const rotationGrace = 7;
/** Days to review, merge and deploy a raised number, until an alarm is raised. */
const versionGrace = 30;

/** When the secret that the CDN sends to the load balancer is due to change. */
export const agedOriginSecret = (context: Context, { versionDays }: CredentialsSettings): Rule => ({
  entry: entryName(context, ...originEntry),
  days: versionDays,
  grace: versionGrace,
  setting: "plinth:edge.cdn.originSecret",
});

/**
 * When the values of a system's entries are due to change. Not among them: Mailpit's login, which accepts any password.
 */
export function agedSecrets(
  { spec, settings }: { readonly spec: SystemSpec; readonly settings: SystemSettings },
  context: Context,
  { rotationDays, versionDays }: CredentialsSettings,
): Rule[] {
  return Object.entries(spec.stores).flatMap(([store, { kind }]): Rule[] => {
    const entry = entryName(context, spec.name, store);
    const version = {
      entry,
      days: versionDays,
      grace: versionGrace,
      setting: `plinth:systems.${spec.name}.stores.${store}.credentialsVersion`,
    };
    switch (kind) {
      case "postgres":
        return [
          { ...version, entry: `${entry}/master` },
          ...(readers(spec, store).length > 0 ? [{ entry, days: rotationDays, grace: rotationGrace }] : []),
        ];
      case "cache":
      case "generated":
      case "nats":
        return [version];
      case "mail": {
        const mail = settings.stores.mail[store];
        if (mail?.kind === "ses") return [version];
        return mail?.kind === "smtp"
          ? [{ entry: mail.credentials, days: versionDays, grace: versionGrace }]
          : [];
      }
      default:
        return [];
    }
  });
}
