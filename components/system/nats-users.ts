import type { SystemSpec } from "../../systems/spec";
import type { NatsUser } from "../messaging/nats-access";
import { readers } from "./wiring";

/**
 * A system's workloads as users of one of its NATS stores. Throws for one in another namespace: the certificate that
 * the servers are verified by is a Secret in theirs.
 */
export function natsUsers(spec: SystemSpec, store: string): NatsUser[] {
  const described = spec.stores[store];
  return readers(spec, store).map(({ name, namespace, publishes = [], consumes = [] }) => {
    if (described?.kind === "nats" && described.namespace !== namespace)
      throw new Error(
        `${name} lives in ${namespace} and reads ${store}, whose readers live in ${described.namespace}`,
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
