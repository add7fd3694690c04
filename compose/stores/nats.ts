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
import { consumerObject, streamObject } from "../../components/messaging/nats-streams";
import { natsUsers } from "../../components/system/nats-users";
import {
  authorityFile,
  certificateOf,
  certificatesService,
  keyOf,
  natsVolume,
  serverMount,
} from "../certificates";
import { images, natsImage } from "../images";
import { publishedPorts } from "../local";
import { confined, limits, literal, type Service } from "../model";
import { localValue, upper } from "../names";
import { publish, type Plan } from "../plan";
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

const unit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
/** A duration of NACK's resources in JetStream's unit, nanoseconds. */
const nanoseconds = (text: string): number => Number(text.slice(0, -1)) * (unit[text.slice(-1)] ?? NaN) * 1e9;

/** The described streams and consumers as requests to JetStream: `<kind> <name> <configuration>`. */
function streamRequests({ streams }: NatsStore, settings: NatsSettings): string {
  const lines = Object.entries(streams).flatMap(([name, spec]) => {
    const stream = streamObject(name, spec, { ...settings, servers: 1 }, false);
    const { subjects, retention, storage, maxBytes, discard } = stream;
    const config = {
      name,
      subjects,
      retention,
      storage,
      discard,
      num_replicas: stream.replicas,
      max_age: nanoseconds(stream.maxAge),
      max_bytes: maxBytes,
    };
    const consumers = Object.entries(spec.consumers).map(([consumer, each]) => {
      const object = consumerObject(name, consumer, each, false);
      const { durableName, deliverPolicy, ackPolicy, maxDeliver, ackWait } = object;
      const filter = "filterSubject" in object ? { filter_subject: object.filterSubject } : {};
      const own = {
        durable_name: durableName,
        deliver_policy: deliverPolicy,
        ack_policy: ackPolicy,
        ack_wait: nanoseconds(ackWait),
        max_deliver: maxDeliver,
        ...filter,
      };
      return `CONSUMER ${name}.${consumer} ${JSON.stringify({ stream_name: name, config: own })}`;
    });
    return [`STREAM ${name} ${JSON.stringify(config)}`, ...consumers];
  });
  return `${lines.join("\n")}\n`;
}

/**
 * Sends each request of the list, and stops with an error at the first that is refused. Existing streams are updated: a
 * create request would count the bytes twice and fail for lack of space. The client reads `NATS_URL` and the rest.
 */
const streamsScript = `set -eu
ask() { nats request --raw --timeout 10s "\\$JS.API.$1" "$2"; }
while read -r what name config; do
  case "$what" in
    STREAM) case "$(ask "STREAM.INFO.$name" "")" in *'"error":'*) what=STREAM.CREATE ;; *) what=STREAM.UPDATE ;; esac ;;
    # Creates what is missing and updates what is there.
    CONSUMER) what=CONSUMER.CREATE ;;
  esac
  answer=$(ask "$what.$name" "$config")
  case "$answer" in *'"error":'*) echo "$what.$name: $answer"; exit 1 ;; esac
  echo "ok $what.$name"
done </job/requests
`;

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
        [streams]: streamsJob(key, password(loginOf(natsController, 1)), host),
      },
      volumes: [`${key}_data`],
      configs: {
        [key]: escaped(permissions, settings, password, key),
        [`${streams}-script`]: literal(streamsScript),
        [`${streams}-requests`]: literal(streamRequests(store, settings)),
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

function streamsJob(key: string, password: string, host: string): Service {
  const target = "/job";
  return {
    image: images.natsBox,
    entrypoint: ["sh", `${target}/streams.sh`],
    environment: {
      NATS_URL: `tls://${host}:${natsPorts.client}`,
      NATS_USER: loginOf(natsController, 1),
      NATS_PASSWORD: password,
      NATS_CA: `${natsAuthority.path}/${natsAuthority.key}`,
    },
    volumes: [natsVolume],
    configs: [
      { source: `${key}-streams-script`, target: `${target}/streams.sh` },
      { source: `${key}-streams-requests`, target: `${target}/requests` },
    ],
    depends_on: { [key]: { condition: "service_healthy" } },
    ...confined,
    restart: "no",
    deploy: limits("0.5", "128M"),
  };
}
