import type { EdgeSettings, MailSettings } from "../../config";
import type { Store } from "../../systems/spec";
import type { Component } from "../base/component";
import type { StoreOutputs } from "../base/store";
import { zoneOf } from "../edge/zones";
import { mailpitOutputs } from "../messaging/mailpit";
import { SesMail, type SesMailArgs } from "../messaging/ses-mail";
import { smtpOutputs } from "../messaging/smtp";
import { GeneratedSecret } from "../security/generated-secret";

export interface MailStoreArgs extends Omit<SesMailArgs, "domain" | "zoneId" | "settings"> {
  readonly spec: Extract<Store, { kind: "mail" }>;
  readonly settings: MailSettings;
  readonly zones: EdgeSettings["zones"];
}

/** A mail store, through the server that the stack file chooses: SES, SMTP or Mailpit. */
export function mailOutputs(
  parent: Component,
  key: string,
  { spec, settings, zones, ...common }: MailStoreArgs,
): StoreOutputs {
  switch (settings.kind) {
    case "ses": {
      const { domain, ...more } = settings;
      const zoneId = zoneOf(domain, zones);
      return new SesMail(parent.child(key), { ...common, domain, zoneId, settings: more }, parent.inside)
        .outputs;
    }
    case "smtp":
      return smtpOutputs(settings);
    case "mailpit": {
      // Any name and password work; a generated pair keeps the application's code the same in all environments.
      const login = new GeneratedSecret(
        parent.child(key),
        { ...common, keys: ["user", "password"] },
        parent.inside,
      );
      return mailpitOutputs(spec, login.outputs);
    }
  }
}
