import { serverHealth } from "../health";
import { accessString } from "../../components/data/cache";
import { enginePorts } from "../../components/base/ports";
import { valkeyImage } from "../images";
import { confined, limits, literal } from "../model";
import { localValue, variableOf } from "../names";
import { publish, type Plan } from "../plan";
import { publishedPorts } from "../local";
import { outputs, type LocalStore } from "./store";

const usersFile = "/etc/valkey/users.acl";

/** Valkey's ACL file: only the system's user, with the same access string as in the cloud. */
const users = (name: string, password: string): string =>
  `user default off\nuser ${name} ${literal(accessString)} >${password}\n`;

/**
 * Valkey of the same version as in the cloud, with the same user and access string. Without TLS: clients trust the
 * cloud's certificates by default, but here each client would need the local authority.
 */
export function cache(plan: Plan, key: string): LocalStore {
  const { spec, names } = plan;
  const amounts = plan.settings.stores.cache[key];
  if (amounts === undefined) throw new Error(`${spec.name}: no settings of ${key}`);
  const variable = variableOf(spec, key, "password");
  const password = names.value(variable);
  const config = `${key}-users`;
  return {
    outputs: outputs(
      { host: key, port: String(enginePorts.cache) },
      { composed: { url: () => `redis://${spec.name}:${password}@${key}:${enginePorts.cache}` } },
    ),
    properties: {},
    parts: {
      services: {
        [key]: {
          image: valkeyImage(amounts.version),
          command: [
            "valkey-server",
            "--appendonly",
            "yes",
            "--aclfile",
            usersFile,
            "--maxmemory",
            "200mb",
            "--maxmemory-policy",
            amounts.eviction,
          ],
          // The CLI reads it in the health check.
          environment: { REDISCLI_AUTH: password },
          ports: [publish(plan, publishedPorts.cache, enginePorts.cache)],
          volumes: [`${key}_data:/data`],
          configs: [{ source: config, target: usersFile }],
          healthcheck: serverHealth([
            "CMD-SHELL",
            `valkey-cli --user ${spec.name} --no-auth-warning ping | grep -q PONG`,
          ]),
          ...confined,
          restart: "unless-stopped",
          deploy: limits("0.5", "256M"),
        },
      },
      volumes: [`${key}_data`],
      configs: { [config]: users(spec.name, password) },
      env: { [variable]: { value: localValue(spec.name, key, "password"), comment: `Valkey ${key}` } },
    },
    waits: { [key]: "service_healthy" },
  };
}
