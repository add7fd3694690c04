import type { NatsSettings } from "../../config";
import type { NatsStore } from "../../systems/spec";
import { loginOf } from "../../components/messaging/nats-access";
import { natsPorts } from "../../components/base/ports";
import { natsAuthority, natsController } from "../../components/messaging/nats-names";
import { consumerObject, streamObject } from "../../components/messaging/nats-streams";
import { natsVolume } from "../certificates";
import { images } from "../images";
import { confined, limits, literal, type Service } from "../model";

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

/** The job that creates a store's streams and consumers, and the files that it reads. */
export function streamsJob(
  key: string,
  store: NatsStore,
  settings: NatsSettings,
  { host, password }: { readonly host: string; readonly password: string },
): { readonly service: Service; readonly configs: Readonly<Record<string, string>> } {
  const [script, requests] = [`${key}-streams-script`, `${key}-streams-requests`];
  const target = "/job";
  return {
    configs: {
      [script]: literal(streamsScript),
      [requests]: literal(streamRequests(store, settings)),
    },
    service: {
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
        { source: script, target: `${target}/streams.sh` },
        { source: requests, target: `${target}/requests` },
      ],
      depends_on: { [key]: { condition: "service_healthy" } },
      ...confined,
      restart: "no",
      deploy: limits("0.5", "128M"),
    },
  };
}
