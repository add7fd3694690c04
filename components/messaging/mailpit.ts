import type { MailStore, WorkloadSpec } from "../../systems/spec";
import { images } from "../base/images";
import type { StoreOutputs } from "../base/store";

/** Mailpit instead of MailHog, which is unmaintained, on the same ports: SMTP 1025, web page 8025. */
export const mailpit = (store: MailStore): WorkloadSpec => ({
  name: "smtp",
  container: "mailpit",
  namespace: store.namespace,
  component: "worker",
  listen: { service: store.service, ports: { smtp: 1025, ui: 8025 } },
  image: { user: images.mailpit.user, scratch: { tmp: "/tmp" } },
  env: {
    // The applications log in, as to a real server; any name and password work.
    MP_SMTP_AUTH_ACCEPT_ANY: { value: "1" },
    MP_SMTP_AUTH_ALLOW_INSECURE: { value: "1" },
  },
});

/** Outputs of a mail store whose mail is caught in the cluster: Mailpit's Service, with any login. */
export function mailpitOutputs(store: MailStore, login: StoreOutputs): StoreOutputs {
  const { name, namespace, listen } = mailpit(store);
  const smtp = listen?.ports.smtp ?? 1025;
  return {
    ...login,
    plain: { host: store.service, port: String(smtp) },
    destinations: [{ kind: "pods", namespace, name, ports: [smtp] }],
  };
}
