import { z } from "zod";
import type { Store } from "../systems/spec";
import {
  bytes,
  chartVersion,
  choice,
  domain,
  flag,
  image,
  instanceClass,
  integer,
  nodeType,
  text,
} from "./values";

/** The amounts of a system's stores, one schema a kind. `kind` comes from the system's description, not from YAML. */

/**
 * PostgreSQL majors that RDS has a parameter family for, with the end of RDS standard support.
 *
 * Source: Amazon RDS release calendar for PostgreSQL.
 */
export const postgresEndOfSupport = {
  "14": "2027-02-28",
  "15": "2028-02-29",
  "16": "2029-02-28",
  "17": "2030-02-28",
  "18": "2031-02-28",
} as const;

export type PostgresVersion = keyof typeof postgresEndOfSupport;
const postgresVersions = Object.keys(postgresEndOfSupport) as [PostgresVersion, ...PostgresVersion[]];

/** Valkey versions that ElastiCache offers a parameter family for. */
const valkeyVersions = ["7.2", "8.0", "8.1", "8.2"] as const;

/** An engine this close to its end of standard support is refused, in days (row DB-1). */
const refusedWithinDays = 30;
const day = 24 * 60 * 60 * 1000;

/** Storage in GiB. gp3 on RDS starts at 20 GiB and ends at 64 TiB. */
const storage = integer(20, 65536, "GiB");

const replicas = z.strictObject({
  /** How many replicas share the role. */
  count: integer(1, 5, "read replicas"),
  /** RDS instance class of each. */
  class: instanceClass,
});

const postgres = (readRoles: readonly string[], now: Date) =>
  z
    .strictObject({
      /** Major version; minor upgrades are AWS's, in the maintenance window. */
      version: choice(postgresVersions),
      class: instanceClass,
      storage,
      /** Storage grows by itself up to this. */
      maxStorage: storage,
      /** A standby in another zone takes over by itself. */
      multiAz: flag,
      /** Point-in-time recovery reaches back this far; 35 days is AWS's limit. */
      backupDays: integer(1, 35, "days"),
      readReplicas: z
        .strictObject(Object.fromEntries(readRoles.map((role) => [role, replicas.optional()])))
        .default({}),
      /** Runs an engine whose standard support has ended, or ends within 30 days. */
      acceptEndOfSupport: flag.default(false),
    })
    .superRefine((value, context) => {
      if (value.maxStorage <= value.storage)
        context.addIssue({
          code: "custom",
          path: ["maxStorage"],
          message: `more than storage (${value.storage} GiB)`,
        });
      const end = postgresEndOfSupport[value.version];
      const left = Math.floor((Date.parse(end) - now.getTime()) / day);
      if (left <= refusedWithinDays && !value.acceptEndOfSupport)
        context.addIssue({
          code: "custom",
          path: ["version"],
          message: `a version with more than ${refusedWithinDays} days of standard support left: this one's ends on ${end}; upgrade, or set acceptEndOfSupport: true`,
        });
    });

const cache = z.strictObject({
  /** Valkey engine version. */
  version: choice(valkeyVersions),
  nodeType,
  /** Copies beside the primary; from 1 on they stand in other zones and fail over by themselves. */
  replicas: integer(0, 5, "replicas"),
  /** Daily snapshots kept; 0 turns them off. */
  snapshotDays: integer(0, 35, "days"),
});

const bucket = z
  .strictObject({
    /** Name, where others must know it; else it follows from the prefix, the system and the account. */
    name: text("a bucket name of 3 to 63 characters: a-z, 0-9 and -")
      .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, {
        error: "a bucket name of 3 to 63 characters: a-z, 0-9 and -",
      })
      .optional(),
    /** Age in days at which an object moves to Infrequent Access (S3 allows 30 or more). */
    warmDays: integer(30, 3650, "days"),
    /** Age in days at which it moves to Glacier Flexible Retrieval. */
    coldDays: integer(60, 3650, "days"),
    /** Age in days at which it is deleted; left out: never. */
    expireDays: integer(90, 36500, "days").optional(),
    /** How long a replaced or deleted version is kept. */
    noncurrentDays: integer(1, 3650, "days"),
  })
  .superRefine(({ warmDays, coldDays, expireDays }, context) => {
    if (coldDays < warmDays + 30)
      context.addIssue({
        code: "custom",
        path: ["coldDays"],
        message: `at least warmDays + 30 (${warmDays + 30})`,
      });
    if (expireDays !== undefined && expireDays <= coldDays)
      context.addIssue({ code: "custom", path: ["expireDays"], message: `more than coldDays (${coldDays})` });
  });

const mail = z.discriminatedUnion(
  "kind",
  [
    /** Mail is caught in the cluster and shown, never sent. */
    z.strictObject({ kind: z.literal("mailpit"), image }),
    /** An SMTP server with STARTTLS. People put `{"user":…,"password":…}` into the Secrets Manager entry. */
    z.strictObject({
      kind: z.literal("smtp"),
      host: domain,
      port: integer(1, 65535, "port"),
      credentials: text("the name of a Secrets Manager entry").regex(/^[\w/+=.@-]{1,512}$/, {
        error: "the name of a Secrets Manager entry",
      }),
    }),
    /** SES sends for this domain; its zone is one of `plinth:edge.zones`. */
    z.strictObject({ kind: z.literal("ses"), domain }),
  ],
  { error: 'an object whose kind is one of "mailpit", "smtp", "ses"' },
);

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
  nats: () => nats,
};

export type PostgresSettings = z.infer<ReturnType<typeof postgres>>;
export type CacheSettings = z.infer<typeof cache>;
export type BucketSettings = z.infer<typeof bucket>;
export type MailSettings = z.infer<typeof mail>;
export type NatsSettings = z.infer<typeof nats>;

/** Amounts of a system's stores by kind and name. Kinds without amounts (generated secrets) have none. */
export interface StoreSettings {
  postgres: Record<string, PostgresSettings>;
  cache: Record<string, CacheSettings>;
  bucket: Record<string, BucketSettings>;
  mail: Record<string, MailSettings>;
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
    const settings: StoreSettings = { postgres: {}, cache: {}, bucket: {}, mail: {}, nats: {} };
    for (const [name, store] of Object.entries(stores))
      if (store.kind !== "generated") Object.assign(settings[store.kind], { [name]: values[name] });
    return settings;
  });
}
