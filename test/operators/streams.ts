import { type ConsumerConfig, jetstreamManager, type StreamConfig } from "@nats-io/jetstream";
import { nanos, type NatsConnection } from "@nats-io/transport-node";

import type { Cluster } from "../cluster/cluster";
import type { KubeObject } from "../cluster/types";
import { NAMESPACE } from "./nats";

interface Stream extends KubeObject {
  spec: {
    name: string;
    subjects: string[];
    retention: string;
    storage: string;
    replicas: number;
    maxAge: string;
    maxBytes: number;
    discard: string;
  };
}

interface Consumer extends KubeObject {
  spec: {
    streamName: string;
    durableName: string;
    deliverPolicy: string;
    ackPolicy: string;
    ackWait: string;
    maxDeliver: number;
    filterSubject?: string;
  };
}

const API = "jetstream.nats.io/v1beta2";
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

const duration = (text: string): number =>
  nanos(Number(text.slice(0, -1)) * (SECONDS[text.slice(-1)] ?? NaN) * 1000);

/**
 * Creates the stack's streams and consumers as their controller does, with its login. NACK itself can't be built, since
 * the module proxy doesn't serve it completely.
 */
export async function makeStreams(cluster: Cluster, connection: NatsConnection): Promise<void> {
  // Like the controller, doesn't query the account: its login has no permission for that.
  const manager = await jetstreamManager(connection, { checkAPI: false });
  for (const { spec } of await cluster.list<Stream>(API, "Stream", NAMESPACE))
    await manager.streams.add({
      name: spec.name,
      subjects: spec.subjects,
      retention: spec.retention,
      storage: spec.storage,
      num_replicas: spec.replicas,
      max_age: duration(spec.maxAge),
      max_bytes: spec.maxBytes,
      discard: spec.discard,
    } as StreamConfig);
  for (const { spec } of await cluster.list<Consumer>(API, "Consumer", NAMESPACE))
    await manager.consumers.add(spec.streamName, {
      durable_name: spec.durableName,
      deliver_policy: spec.deliverPolicy,
      ack_policy: spec.ackPolicy,
      ack_wait: duration(spec.ackWait),
      max_deliver: spec.maxDeliver,
      ...(spec.filterSubject === undefined ? {} : { filter_subject: spec.filterSubject }),
    } as ConsumerConfig);
  await connection.close();
}
