import { z } from "zod";
import type { Store, StoreKind, StoreKinds } from "../../systems/spec";
import { bucket, type BucketSettings } from "./bucket";
import { cache, type CacheSettings } from "./cache";
import { generated, type GeneratedSettings } from "./generated";
import { files, type FilesSettings } from "./files";
import { mail, type MailSettings } from "./mail";
import { nats, type NatsSettings } from "./nats";
import { postgres, type PostgresSettings } from "./postgres";
import { queue, type QueueSettings } from "./queue";

/**
 * The settings of a system's stores, one schema for each kind. `kind` comes from the system's description, not from
 * YAML.
 */

/** Settings of a store, by its kind. */
interface StoreAmounts {
  postgres: PostgresSettings;
  cache: CacheSettings;
  bucket: BucketSettings;
  generated: GeneratedSettings;
  mail: MailSettings;
  queue: QueueSettings;
  files: FilesSettings;
  nats: NatsSettings;
}

const schemas: {
  readonly [Kind in StoreKind]: (store: StoreKinds[Kind], now: Date) => z.ZodType<StoreAmounts[Kind]>;
} = {
  postgres: (store, now) => postgres(store.readRoles, now),
  cache: () => cache,
  bucket: () => bucket,
  generated: () => generated,
  mail: () => mail,
  queue: () => queue,
  files: () => files,
  nats,
};

/** Settings of a system's stores by kind and name. */
export type StoreSettings = { [Kind in StoreKind]: Record<string, StoreAmounts[Kind]> };

const schemaOf = <Kind extends StoreKind>(store: StoreKinds[Kind] & { readonly kind: Kind }, now: Date) =>
  schemas[store.kind](store, now);

/** Schema of `stores` of one system: exactly the stores that it describes. */
export function storesSchema(stores: Readonly<Record<string, Store>>, now: Date) {
  const shape: Record<string, z.ZodType> = {};
  for (const [name, store] of Object.entries(stores)) shape[name] = schemaOf(store, now);
  return z.strictObject(shape).transform((values): StoreSettings => {
    const settings = Object.fromEntries(Object.keys(schemas).map((kind) => [kind, {}])) as StoreSettings;
    for (const [name, store] of Object.entries(stores))
      Object.assign(settings[store.kind], { [name]: values[name] });
    return settings;
  });
}
