import type * as pulumi from "@pulumi/pulumi";
import type { MirrorSettings, SystemSettings } from "../../config";
import type { SystemSpec } from "../../systems/spec";
import type { Context } from "../context";
import { Nats } from "../messaging/nats";
import type { Operators } from "../operators";
import type { StoreOutputs } from "../store";
import { natsUsers } from "./nats-users";
import type { SecretStore } from "./secret-store";
import { refreshInterval } from "./synced-secret";

export interface MessagingArgs {
  readonly context: Context;
  readonly spec: SystemSpec;
  readonly settings: SystemSettings;
  readonly stores: Readonly<Record<string, StoreOutputs>>;
  /** Undefined: the system reads no secret. */
  readonly secretStore: SecretStore | undefined;
  readonly storageClass: string;
  readonly operators: Operators;
  /** Stand for public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
}

/** A system's stores that live in the cluster: NATS, with what it has outside. `name` is the parent's. */
export function messaging(
  name: string,
  args: MessagingArgs,
  namespaceOf: (namespace: string) => pulumi.Resource | undefined,
  opts: pulumi.ComponentResourceOptions,
): Record<string, StoreOutputs> {
  const { context, spec, settings, storageClass, operators, stores, secretStore, mirrors } = args;
  const outputs: Record<string, StoreOutputs> = {};
  for (const [key, store] of Object.entries(spec.stores)) {
    if (store.kind !== "nats") continue;
    const [amounts, namespace, credentials] = [
      settings.stores.nats[key],
      namespaceOf(store.namespace),
      stores[key],
    ];
    if (!amounts || !namespace || !credentials || !secretStore)
      throw new Error(`${spec.name}: ${key} has no amounts, namespace, logins or secret store`);
    outputs[key] = new Nats(
      [name, key].join("-"),
      {
        ...{ context, spec: store, settings: amounts, namespace, storageClass, operators, credentials },
        ...(mirrors && { mirrors }),
        users: natsUsers(spec, key),
        secretSource: { ...secretStore, refreshInterval },
      },
      opts,
    ).outputs;
  }
  return outputs;
}
