import type { SystemSpec } from "../../systems/spec";
import type { NatsUser } from "../messaging/nats-access";
import { readers } from "./wiring";

/**
 * A system's workloads as users of one of its NATS stores. Throws for a workload in another namespace, since the
 * certificate authority of the servers is a Secret in their namespace.
 */
export function natsUsers(spec: SystemSpec, store: string): NatsUser[] {
  const described = spec.stores[store];
  return readers(spec, store).map(({ name, namespace, publishes = [], consumes = [] }) => {
    if (described?.kind === "nats" && described.namespace !== namespace)
      throw new Error(
        `${name} is in namespace ${namespace} and refers to ${store}; allowed is ${described.namespace}`,
      );
    const own = (references: readonly string[]) =>
      references.map((reference) => reference.split(".")).filter(([of]) => of === store);
    return {
      name,
      publishes: own(publishes).map(([, stream = ""]) => stream),
      consumes: own(consumes).map(([, stream = "", consumer = ""]) => ({ stream, consumer })),
    };
  });
}
