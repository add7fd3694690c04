import { serverHealth } from "../health";
import type { MailStore } from "../../systems/spec";
import { mailpit, mailpitOutputs } from "../../components/messaging/mailpit";
import { images } from "../images";
import { publishedPorts } from "../local";
import { confined, limits } from "../model";
import { localValue, variableOf } from "../names";
import { publish, type Plan } from "../plan";
import { outputs, type LocalStore } from "./store";

/** Mailpit, with the same image, ports and settings as in dev's cluster. */
export function mail(plan: Plan, key: string, store: MailStore): LocalStore {
  const { spec, names } = plan;
  const { env, listen, image } = mailpit(store);
  const { smtp = 0, ui = 0 } = listen?.ports ?? {};
  const variables = ["user", "password"].map(
    (property) => [property, variableOf(spec, key, property)] as const,
  );
  return {
    outputs: outputs(mailpitOutputs(store, outputs({})).plain),
    properties: Object.fromEntries(
      variables.map(([property, variable]) => [property, names.value(variable)]),
    ),
    parts: {
      services: {
        [key]: {
          image: images.mailpit,
          user: `${image.user}:${image.user}`,
          environment: Object.fromEntries(
            Object.entries(env).flatMap(([name, source]) =>
              "value" in source ? [[name, source.value]] : [],
            ),
          ),
          ports: [publish(plan, publishedPorts.mail.smtp, smtp), publish(plan, publishedPorts.mail.page, ui)],
          aliases: [store.service],
          healthcheck: serverHealth(["CMD", "/mailpit", "readyz"]),
          read_only: true,
          tmpfs: Object.values(image.scratch).map((path) => `${path}:mode=1777,size=128m`),
          ...confined,
          restart: "unless-stopped",
          deploy: limits("0.2", "128M"),
        },
      },
      env: Object.fromEntries(
        variables.map(([property, variable]) => [
          variable,
          { value: localValue(spec.name, key, property), comment: `Mailpit ${key}: it accepts any value` },
        ]),
      ),
    },
    waits: { [key]: "service_healthy" },
  };
}
