/** A system's data stores and messaging, and how workloads refer to them. */

/**
 * A workload's PostgreSQL client library: each has its own parameters for verifying the server.
 *
 * `prisma` is the engine that Prisma includes up to version 6; `pg` is node-postgres, on its own or as the driver
 * adapter of Prisma 7; `libpq` is psycopg and other libraries built on PostgreSQL's own.
 */
export type Driver = "libpq" | "pg" | "prisma" | "asyncpg";

/**
 * PostgreSQL on RDS. Outputs: `url`, `host`, `port`, `database`, `user`, `password`, and `<role>Url` for each read
 * role. With the driver `pg` also `migrateUrl`, the same as `url` for Prisma's own command line, whose engine doesn't
 * read `pg`'s.
 */
export interface PostgresStore {
  readonly kind: "postgres";
  /** Name of the database. */
  readonly database: string;
  /** Role that owns the objects that workloads create; they use one of its two logins, `<user>_a` and `<user>_b`. */
  readonly user: string;
  /** Client library of the connection strings. */
  readonly driver: Driver;
  /** Roles of read replicas. A role's URL names all its replicas, or the primary if it has none. */
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
  /** Hosts of the system whose pages upload to it and read from it in browsers, with URLs that a workload presigns. */
  readonly uploadsFrom?: readonly string[];
  /** Whether it holds backups: longer retention, and never emptied by `destroy` if the environment is protected. */
  readonly backups?: true;
}

/**
 * Secrets that Plinth generates. Outputs: each key, and `<key>Accepted`, the other secrets that are valid: the previous
 * and the next one, separated by a comma.
 */
export interface GeneratedStore {
  readonly kind: "generated";
  readonly keys: readonly string[];
}

/** Outgoing mail: Mailpit, an SMTP server or SES, by config. Outputs: `host`, `port`, `user`, `password`. */
export interface MailStore {
  readonly kind: "mail";
  /** Name of the Service if mail is caught in the cluster. */
  readonly service: string;
  readonly namespace: string;
}

/** A durable consumer: keeps its position in a stream for all pods that read from it. */
export interface ConsumerSpec {
  /** Subject of its messages. Default: all subjects of the stream. */
  readonly filterSubject?: string;
  /** Seconds after which an unacknowledged message is redelivered. */
  readonly ackWaitSeconds: number;
  /** Maximum deliveries of a message. */
  readonly maxDeliver: number;
}

/** A stream of JetStream: stored messages of some subjects. Its size and maximum age are in the stack file. */
export interface StreamSpec {
  readonly subjects: readonly string[];
  /** Messages are kept until limits are reached, until every consumer has read them, or until one has. */
  readonly retention: "limits" | "interest" | "workqueue";
  readonly consumers: Readonly<Record<string, ConsumerSpec>>;
}

/**
 * NATS with JetStream. Outputs: `url`, with the workload's own login, whose permissions follow from `publishes` and
 * `consumes`; `ca`, the path of the servers' certificate authority; `inbox`, the prefix of the subjects on which only
 * this workload receives replies. Its readers must be in its namespace.
 */
export interface NatsStore {
  readonly kind: "nats";
  readonly namespace: string;
  /** Streams by name: upper case, digits and `_`. */
  readonly streams: Readonly<Record<string, StreamSpec>>;
}

/**
 * Message queue with a dead-letter queue. All outputs are its address; the one that a workload refers to determines its
 * permissions: `sendUrl` send, `receiveUrl` receive, `url` both.
 */
export interface QueueStore {
  readonly kind: "queue";
}

/** Shared directory, the same for all pods that mount it. No outputs: workloads refer to it under `mounts`. */
export interface FilesStore {
  readonly kind: "files";
  /** Numeric user that owns its files: the user of the workloads' images. */
  readonly user: number;
}

/** Every kind of store, by its name: the only list of them. */
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

/** Outputs of a store that aren't secret: they are set in the pod's environment. */
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

/** Secret outputs: they reach the pod only through Secrets Manager and a synced Secret. */
interface SecretOutputs<S extends Store> {
  postgres:
    | "url"
    | "user"
    | "password"
    | `${ReadRole<S>}Url`
    | (S extends { driver: "pg" } ? "migrateUrl" : never);
  cache: "url";
  bucket: never;
  generated: GeneratedKey<S> | `${GeneratedKey<S>}Accepted`;
  mail: "user" | "password";
  nats: "url";
  queue: never;
  files: never;
}

type GeneratedKey<S extends Store> = Extract<S, GeneratedStore>["keys"][number];
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
