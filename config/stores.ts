import { z } from "zod";
import type { NatsStore, Store } from "../systems/spec";
import { bucket, type BucketSettings } from "./bucket";
import { cache, type CacheSettings } from "./cache";
import { files, type FilesSettings } from "./files";
import { mail, type MailSettings } from "./mail";
import { nats, type NatsSettings } from "./nats";
import { postgres, type PostgresSettings } from "./postgres";
import { queue, type QueueSettings } from "./queue";

/** The amounts of a system's stores, one schema a kind. `kind` comes from the system's description, not from YAML. */

const schemas = {
  postgres: (store: Extract<Store, { kind: "postgres" }>, now: Date) => postgres(store.readRoles, now),
  cache: () => cache,
  bucket: () => bucket,
  mail: () => mail,
  queue: () => queue,
  files: () => files,
  nats: (store: NatsStore) => nats(store),
};

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
    shape[name] =
      store.kind === "postgres"
        ? schemas.postgres(store, now)
        : store.kind === "nats"
          ? schemas.nats(store)
          : schemas[store.kind]();
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
