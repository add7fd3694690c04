import { z } from "zod";
import type { Store } from "../systems/spec";
import { bucket, type BucketSettings } from "./bucket";
import { cache, type CacheSettings } from "./cache";
import { files, type FilesSettings } from "./files";
import { mail, type MailSettings } from "./mail";
import { postgres, type PostgresSettings } from "./postgres";
import { queue, type QueueSettings } from "./queue";
import { bytes, chartVersion } from "./values";

/** The amounts of a system's stores, one schema a kind. `kind` comes from the system's description, not from YAML. */

const nats = z.strictObject({
  /** Version of the official chart. */
  chart: chartVersion,
  /** Servers: 3 or 5 make a cluster that survives the loss of a zone, 1 doesn't. */
  servers: z.union([z.literal(1), z.literal(3), z.literal(5)], { error: "1, 3 or 5 servers" }),
  /** JetStream's volume, each server. */
  storage: bytes,
});

const schemas = {
  postgres: (store: Extract<Store, { kind: "postgres" }>, now: Date) => postgres(store.readRoles, now),
  cache: () => cache,
  bucket: () => bucket,
  mail: () => mail,
  queue: () => queue,
  files: () => files,
  nats: () => nats,
};

export type NatsSettings = z.infer<typeof nats>;

/** Amounts of a system's stores by kind and name. Kinds without amounts (generated secrets) have none. */
export interface StoreSettings {
  postgres: Record<string, PostgresSettings>;
  cache: Record<string, CacheSettings>;
  bucket: Record<string, BucketSettings>;
  mail: Record<string, MailSettings>;
  queue: Record<string, QueueSettings>;
  files: Record<string, FilesSettings>;
  nats: Record<string, NatsSettings>;
}

/** Schema of `stores` of one system: exactly the stores that it describes. */
export function storesSchema(stores: Readonly<Record<string, Store>>, now: Date) {
  const shape: Record<string, z.ZodType> = {};
  for (const [name, store] of Object.entries(stores)) {
    if (store.kind === "generated") continue;
    shape[name] = store.kind === "postgres" ? schemas.postgres(store, now) : schemas[store.kind]();
  }
  return z.strictObject(shape).transform((values): StoreSettings => {
    const settings: StoreSettings = {
      postgres: {},
      cache: {},
      bucket: {},
      mail: {},
      queue: {},
      files: {},
      nats: {},
    };
    for (const [name, store] of Object.entries(stores))
      if (store.kind !== "generated") Object.assign(settings[store.kind], { [name]: values[name] });
    return settings;
  });
}
