import { z } from "zod";
import { domain, list, ordinal, pattern } from "../values";

/** A recipient: an address, or a pattern with `*`. */
const recipients = pattern(
  /^[\w.+*-]+@[\w.*-]+$/,
  'an address, or a pattern of addresses such as "*@example.com"',
);

export const mail = z.discriminatedUnion(
  "kind",
  [
    /** Mailpit catches mail in the cluster and shows it; nothing is sent. */
    z.strictObject({ kind: z.literal("mailpit") }),
    /** An SMTP server with STARTTLS. Enter `{"user":…,"password":…}` in the Secrets Manager entry manually. */
    z.strictObject({
      kind: z.literal("smtp"),
      host: domain,
      port: ordinal(1, 65535, "a port"),
      credentials: pattern(/^[\w/+=.@-]+$/, "the name of a Secrets Manager entry", 512),
    }),
    /** SES sends for this domain; its zone is one of `plinth:edge.zones`. */
    z.strictObject({
      kind: z.literal("ses"),
      domain,
      recipients: list(recipients, "a list of addresses or patterns of them", { min: 1 })
        .optional()
        .describe("Allowed recipients; mail to others is refused. Default: all."),
      credentialsVersion: ordinal(1, 100000, "the credentials' number")
        .default(1)
        .describe(
          "Version of the SMTP credentials. Increment it for new ones; the previous ones stay valid until the next change.",
        ),
    }),
  ],
  { error: 'an object whose kind is one of "mailpit", "smtp", "ses"' },
);

export type MailSettings = z.infer<typeof mail>;
