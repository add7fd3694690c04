/** What a system keeps its state in and talks through, and how a workload refers to it. */

/**
 * A workload's PostgreSQL client library: each has its own parameters for verifying the server.
 *
 * `prisma` is the engine that Prisma includes up to version 6; `pg` is node-postgres, by itself or as the driver
 * adapter of Prisma 7; `libpq` is psycopg and others that are built on PostgreSQL's own library.
 */
export type Driver = "libpq" | "pg" | "prisma" | "asyncpg";

/**
 * PostgreSQL on RDS. Outputs: `url`, `host`, `port`, `database`, `user`, `password`, and `<role>Url` a read role. With
 * the driver `pg` also `migrateUrl`, the same as `url` for Prisma's own command line, whose engine doesn't read `pg`'s.
 */
export interface PostgresStore {
  readonly kind: "postgres";
  /** Name of the database. */
  readonly database: string;
  /** Role that owns what the workloads make; they log in as one of its two logins, `<user>_a` and `<user>_b`. */
  readonly user: string;
  /** Client library that the connection strings are for. */
  readonly driver: Driver;
  /** What read replicas are for. A role's URL names every replica of the role, or the primary while it has none. */
  readonly readRoles: readonly string[];
}

/** Redis-compatible cache. Outputs: `url`, `host`, `port`. */
export interface CacheStore {
  readonly kind: "cache";
}

/** S3 bucket. Outputs: `name`. A workload that refers to it may read, or read and write. */
export interface BucketStore {
  readonly kind: "bucket";
  readonly access: "read" | "read-write";
  /** Hosts of the system whose pages upload to it from the browser (and read back), over URLs that a workload signs. */
  readonly uploadsFrom?: readonly string[];
  /** Holds backups: kept longer, and never emptied on destroy where the environment is protected. */
  readonly backups?: true;
}

/** Secrets that Plinth generates. Outputs: each key. */
export interface GeneratedStore {
  readonly kind: "generated";
  readonly keys: readonly string[];
}

/** Outgoing mail: Mailpit, an SMTP server or SES, by config. Outputs: `host`, `port`, `user`, `password`. */
export interface MailStore {
  readonly kind: "mail";
  /** Name of the Service where mail is caught in the cluster. */
  readonly service: string;
  readonly namespace: string;
}

/** A durable consumer: keeps its place in a stream for all pods that read from it. */
export interface ConsumerSpec {
  /** Subject of its messages. Default: all subjects of the stream. */
  readonly filterSubject?: string;
  /** Seconds that a reader has to acknowledge a message before it is redelivered. */
  readonly ackWaitSeconds: number;
  /** Times that a message is delivered before JetStream gives up. */
  readonly maxDeliver: number;
}

/** A stream of JetStream: messages of some subjects, kept. How much and how long it keeps is an amount. */
export interface StreamSpec {
  readonly subjects: readonly string[];
  /** Until limits are reached, or until every consumer has read it, or until one has. */
  readonly retention: "limits" | "interest" | "workqueue";
  readonly consumers: Readonly<Record<string, ConsumerSpec>>;
}

/**
 * NATS with JetStream. Outputs: `url`, with a login of the workload's own, that may do what its `publishes` and
 * `consumes` say; `ca`, the path of the certificate that the servers are verified by; `inbox`, the prefix of the
 * subjects on which this workload alone receives replies. Its readers live in its own namespace.
 */
export interface NatsStore {
  readonly kind: "nats";
  readonly namespace: string;
  /** Streams by name: upper case, digits and `_`. */
  readonly streams: Readonly<Record<string, StreamSpec>>;
}

/**
 * Message queue with a dead-letter queue. All outputs are its address; which one a workload refers to says what it may
 * do: `sendUrl` send, `receiveUrl` receive, `url` both.
 */
export interface QueueStore {
  readonly kind: "queue";
}

/** Shared directory, the same for all pods that mount it. No outputs: a workload names it under `mounts`. */
export interface FilesStore {
  readonly kind: "files";
  /** Numeric user that owns what is in it: the one that the workloads' images run as. */
  readonly user: number;
}

/** Every kind of store, by its name: the one list of them. */
export interface StoreKinds {
  postgres: PostgresStore;
  cache: CacheStore;
  bucket: BucketStore;
  generated: GeneratedStore;
  mail: MailStore;
  nats: NatsStore;
  queue: QueueStore;
  files: FilesStore;
}

export type StoreKind = keyof StoreKinds;
export type Store = StoreKinds[StoreKind];
export type Stores = Readonly<Record<string, Store>>;

/** Outputs of a store that may be seen by anyone: they stand in the pod's own environment. */
interface PlainOutputs {
  postgres: "host" | "port" | "database";
  cache: "host" | "port";
  bucket: "name";
  generated: never;
  mail: "host" | "port";
  nats: "ca" | "inbox";
  queue: "url" | "sendUrl" | "receiveUrl";
  files: never;
}

/** Outputs that are secret: they reach the pod through Secrets Manager and a synced Secret only. */
interface SecretOutputs<S extends Store> {
  postgres:
    "url" | "user" | "password" | `${ReadRole<S>}Url` | (S extends { driver: "pg" } ? "migrateUrl" : never);
  cache: "url";
  bucket: never;
  generated: Extract<S, GeneratedStore>["keys"][number];
  mail: "user" | "password";
  nats: "url";
  queue: never;
  files: never;
}

type ReadRole<S extends Store> = Extract<S, PostgresStore>["readRoles"][number];

type References<S extends Stores, Outputs extends Record<keyof S, string>> = {
  [Name in keyof S & string]: `${Name}.${Outputs[Name]}`;
}[keyof S & string];

/** Stores that a workload can mount. */
export type Mountable<S extends Stores> = {
  [Name in keyof S & string]: Extract<S[Name], FilesStore> extends never ? never : Name;
}[keyof S & string];

export type PlainReference<S extends Stores> = References<S, { [N in keyof S]: PlainOutputs[S[N]["kind"]] }>;
export type SecretReference<S extends Stores> = References<
  S,
  { [N in keyof S]: SecretOutputs<S[N]>[S[N]["kind"]] }
>;

type ConsumersOf<Name extends string, Streams extends NatsStore["streams"]> = {
  [Stream in keyof Streams & string]: `${Name}.${Stream}.${keyof Streams[Stream]["consumers"] & string}`;
}[keyof Streams & string];

/** Consumers of a system's streams: `<store>.<stream>.<consumer>`. */
export type ConsumerReference<S extends Stores> = {
  [Name in keyof S & string]: Extract<S[Name], NatsStore> extends never
    ? never
    : ConsumersOf<Name, Extract<S[Name], NatsStore>["streams"]>;
}[keyof S & string];

/** A system's streams: `<store>.<stream>`. */
export type StreamReference<S extends Stores> = {
  [Name in keyof S & string]: Extract<S[Name], NatsStore> extends never
    ? never
    : `${Name}.${keyof Extract<S[Name], NatsStore>["streams"] & string}`;
}[keyof S & string];
