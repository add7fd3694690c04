import { serverHealth } from "../health";
import { jetStreamBytes, type NatsSettings } from "../../config";
import type { NatsStore } from "../../systems/spec";
import {
  accountsConfig,
  inboxOf,
  loginOf,
  permissionsOf,
  type Permissions,
} from "../../components/messaging/nats-access";
import { natsPorts } from "../../components/base/ports";
import { natsAuthority, natsController, natsHost } from "../../components/messaging/nats-names";
import { natsUsers } from "../../components/system/nats-users";
import {
  authorityFile,
  certificateOf,
  certificatesService,
  keyOf,
  natsVolume,
  serverMount,
} from "../certificates";
import { natsImage } from "../images";
import { publishedPorts } from "../local";
import { confined, limits, literal, type Service } from "../model";
import { localValue, upper } from "../names";
import { publish, type Plan } from "../plan";
import { streamsJob } from "./nats-streams";
import { outputs, type LocalStore } from "./store";

const configFile = "/etc/nats/nats.conf";

/**
 * The server's configuration: the cloud's accounts, users and permissions, with passwords, where the cloud has hashes.
 * NATS accepts JSON.
 *
 * @param password returns the value for a login's password
 * @param places paths of its certificate and its streams
 */
function serverConfig(
  permissions: Readonly<Record<string, Permissions>>,
  { storage }: Pick<NatsSettings, "storage">,
  password: (login: string) => string,
  places: { certificate: string; key: string; authority: string; data: string },
): string {
  // One login per user is enough: passwords don't rotate here.
  const accounts = JSON.parse(accountsConfig(permissions, 1, password)) as object;
  const config = {
    server_name: "nats",
    port: natsPorts.client,
    http_port: natsPorts.monitor,
    tls: { cert_file: places.certificate, key_file: places.key, ca_file: places.authority },
    jetstream: { store_dir: places.data, max_file_store: jetStreamBytes(storage) },
    ...accounts,
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

/** NATS with JetStream and TLS: one server, with the cloud's logins, permissions, streams and consumers. */
export function nats(plan: Plan, key: string, store: NatsStore): LocalStore {
  const { spec, names } = plan;
  const settings = plan.settings.stores.nats[key];
  if (settings === undefined) throw new Error(`${spec.name}: no settings of ${key}`);
  const permissions = permissionsOf(natsUsers(spec, key), store.streams);
  const logins = Object.keys(permissions).map((user) => loginOf(user, 1));
  const variable = (login: string) => upper(key, login.replace(/_\d+$/, ""), "password");
  const password = (login: string) => names.value(variable(login));
  const host = natsHost(store.namespace);
  const streams = `${key}-streams`;
  const job = streamsJob(key, store, settings, { host, password: password(loginOf(natsController, 1)) });
  return {
    outputs: outputs(
      { ca: `${natsAuthority.path}/${natsAuthority.key}` },
      {
        personal: { inbox: inboxOf },
        composed: {
          url: (_, reader) => {
            const login = loginOf(reader, 1);
            return `tls://${login}:${password(login)}@${host}:${natsPorts.client}`;
          },
        },
      },
    ),
    properties: {},
    parts: {
      services: {
        [key]: server(plan, key, settings.chart, host),
        [streams]: job.service,
      },
      volumes: [`${key}_data`],
      configs: {
        [key]: escaped(permissions, settings, password, key),
        ...job.configs,
      },
      env: Object.fromEntries(
        logins.map((login) => [
          variable(login),
          { value: localValue(spec.name, variable(login)), comment: `NATS ${key}: login ${login}` },
        ]),
      ),
    },
    waits: { [key]: "service_healthy", [streams]: "service_completed_successfully" },
    mounts: [natsVolume],
    certified: [{ name: key, user: 0, hosts: [key, host, "localhost"] }],
  };
}

/** The configuration with `$JS` escaped and passwords as variables of `.env`. */
function escaped(
  permissions: Readonly<Record<string, Permissions>>,
  settings: NatsSettings,
  password: (login: string) => string,
  key: string,
): string {
  const mark = (login: string) => `<${login}>`;
  const places = {
    certificate: certificateOf(key),
    key: keyOf(key),
    authority: authorityFile,
    data: "/data",
  };
  const text = literal(serverConfig(permissions, settings, mark, places));
  return text.replaceAll(/"<([\w-]+)>"/g, (_, login: string) => `"${password(login)}"`);
}

function server(plan: Plan, key: string, chart: string, host: string): Service {
  return {
    image: natsImage(chart),
    command: ["--config", configFile],
    ports: [publish(plan, publishedPorts.nats, natsPorts.client)],
    volumes: [`${key}_data:/data`, serverMount],
    configs: [{ source: key, target: configFile }],
    aliases: [host],
    depends_on: { [certificatesService]: { condition: "service_completed_successfully" } },
    healthcheck: serverHealth([
      "CMD",
      "wget",
      "-q",
      "--spider",
      `http://127.0.0.1:${natsPorts.monitor}/healthz`,
    ]),
    ...confined,
    restart: "unless-stopped",
    deploy: limits("0.5", "256M"),
  };
}
