import type { MailSettings } from "../../config";
import type { StoreOutputs } from "../base/store";

/**
 * An external SMTP server. Its credentials are entered manually in the Secrets Manager entry that the stack file names.
 */
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
