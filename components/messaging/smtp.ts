import type { MailSettings } from "../../config";
import type { StoreOutputs } from "../base/store";

/** An SMTP server of somebody else's. People put its credentials into the Secrets Manager entry that config names. */
export const smtpOutputs = ({
  host,
  port,
  credentials,
}: Extract<MailSettings, { kind: "smtp" }>): StoreOutputs => ({
  plain: { host, port: String(port) },
  secret: { entry: credentials, filledBy: [] },
  ready: [],
  destinations: [{ kind: "internet", ports: [port] }],
  grants: [],
});
