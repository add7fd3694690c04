import type { MailStore, WorkloadSpec } from "../../systems/spec";
import { images } from "../base/images";
import type { StoreOutputs } from "../base/store";

/** Mailpit in MailHog's place (which is unmaintained), on the same ports: SMTP 1025, web page 8025. */
export const mailpit = (store: MailStore): WorkloadSpec => ({
  name: "smtp",
  container: "mailpit",
  namespace: store.namespace,
  component: "worker",
  listen: { service: store.service, ports: { smtp: 1025, ui: 8025 } },
  image: { user: images.mailpit.user, scratch: { tmp: "/tmp" } },
  env: {
    // The applications log in, as they do to a real server; in here any name and password will do.
    MP_SMTP_AUTH_ACCEPT_ANY: { value: "1" },
    MP_SMTP_AUTH_ALLOW_INSECURE: { value: "1" },
  },
});

/** Where mail goes that is caught in the cluster: Mailpit's Service, with any login. */
export function mailpitOutputs(store: MailStore, login: StoreOutputs): StoreOutputs {
  const { name, namespace, listen } = mailpit(store);
  const smtp = listen?.ports.smtp ?? 1025;
  return {
    ...login,
    plain: { host: store.service, port: String(smtp) },
    destinations: [{ kind: "pods", namespace, name, ports: [smtp] }],
  };
}
