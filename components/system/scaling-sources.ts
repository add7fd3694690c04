import type { WorkloadSettings } from "../../config";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import { natsMonitoring } from "../messaging/nats-names";
import { natsAccount } from "../messaging/nats-values";
import type { StoreOutputs } from "../base/store";
import type { QueueSource, ScalingSources } from "../workload/scaling/triggers";

interface Surroundings {
  readonly stores: Readonly<Record<string, StoreOutputs>>;
  readonly region: string;
  readonly prometheus: string | undefined;
}

function queueSource(
  spec: SystemSpec,
  queue: NonNullable<NonNullable<WorkloadSettings["autoscaling"]>["queue"]>,
  { stores, region }: Surroundings,
): QueueSource | undefined {
  if (queue.queue !== undefined) {
    const url = stores[queue.queue]?.plain.url;
    return url === undefined ? undefined : { kind: "sqs", url, region };
  }
  const [name = "", stream = "", consumer = ""] = queue.consumer?.split(".") ?? [];
  const store = spec.stores[name];
  if (store?.kind !== "nats") return undefined;
  const endpoint = natsMonitoring(store.namespace);
  return { kind: "jetstream", endpoint, account: natsAccount, stream, consumer };
}

/** Sources of the metrics that a workload scales by. */
export function scalingSources(
  spec: SystemSpec,
  { namespace, listen }: WorkloadSpec,
  { autoscaling }: WorkloadSettings,
  surroundings: Surroundings,
): ScalingSources {
  const queue =
    autoscaling?.queue === undefined ? undefined : queueSource(spec, autoscaling.queue, surroundings);
  return {
    prometheus: surroundings.prometheus,
    scope: listen === undefined ? undefined : { namespace, service: listen.service },
    queue,
  };
}
