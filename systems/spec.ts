/**
 * Types of a system's description: its shape, without sizes and without environments.
 *
 * A description is one call of `describe`: a reference to a store, workload, host or network that the system doesn't
 * have doesn't compile. Sizes are in `Pulumi.<stack>.yaml`, the implementation is in `components/`.
 */

import type {
  ConsumerReference,
  Mountable,
  PlainReference,
  PostgresStore,
  SecretReference,
  Stores,
  StreamReference,
} from "./stores";

export type * from "./stores";

/** Source of an environment variable's value. */
export type EnvSource<S extends Stores, Workload extends string, Host extends string> =
  /** Part of the shape: the same in every environment. */
  | { readonly value: string }
  /** An amount: `env` of the system in the stack file. */
  | { readonly setting: string }
  /** A store's plain output. Allows the connection to the store. */
  | { readonly from: PlainReference<S> }
  /** A store's secret output, under this key of the namespace's Secret. Allows the connection to the store. */
  | { readonly from: SecretReference<S>; readonly key: string }
  /** The URL of another workload inside the cluster. Allows the connection to it. */
  | { readonly service: Workload }
  /** The public URL of a host, for code that runs in a browser. Allows no connection. */
  | { readonly publicUrl: Host };

/** HTTP probe from a document, in seconds. */
export interface HttpProbe {
  readonly path: string;
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
}

export interface Probes {
  readonly liveness: HttpProbe;
  readonly readiness: HttpProbe;
}

/** Requirements of the workload's image at the `restricted` Pod Security level. See `docs/image-contract.md`. */
export interface ImageContract {
  /** Numeric user of the container. */
  readonly user: number;
  /** Directories the process writes to: scratch volumes by name, since the root file system is read-only. */
  readonly scratch: Readonly<Record<string, string>>;
}

/** What a CDN caches of a workload's responses. It requests everything else each time. */
export interface Cached {
  /**
   * Directories of files whose names change with their content, such as `/assets`: kept as long as the image says, for a
   * year at most.
   */
  readonly assets: readonly string[];
}

/** Public addresses of a workload: paths of one host, longest first at the load balancer. */
export interface Exposure<Host extends string> {
  readonly host: Host;
  readonly paths: readonly string[];
  /** The host is behind the CDN, if the stack file has one (`edge.cdn`). Paths of other workloads on it aren't cached. */
  readonly cdn?: Cached;
  /** Sticky sessions. */
  readonly sticky?: true;
}

export interface Listening {
  readonly service: string;
  /** Ports by name. Probes, URLs and public paths use the first. */
  readonly ports: Readonly<Record<string, number>>;
  /** Further Services on the same pods, by public path: parts of the system that share an image today. */
  readonly additionalServices?: Readonly<Record<string, string>>;
  /**
   * Its ports speak TLS, all but the one for syslog, with the certificate in `/etc/plinth/tls`, which cert-manager issues
   * for the names of its Services. The load balancer, its callers and Prometheus connect over TLS. Default: plain HTTP.
   */
  readonly tls?: true;
  /** Port for syslog messages, over TCP and UDP. The host and the senders are in the stack file. */
  readonly syslog?: number;
  /** Path of its metrics, on the main port: see `docs/image-contract.md`. Prometheus scrapes them. */
  readonly metrics?: {
    readonly path: string;
    /** Whether it serves `database_query_duration_seconds`, for the alert DatabaseSlowQueries. */
    readonly queries?: true;
    /** Minutes for which the alert HighErrorRate must hold. Default: 5, as in AMS' document. */
    readonly errorMinutes?: number;
  };
}

export interface WorkloadSpec<
  S extends Stores = Stores,
  Workload extends string = string,
  Host extends string = string,
  Network extends string = string,
> {
  /** `job`: it runs to completion on the schedule in the stack file, and doesn't listen. Default: it serves. */
  readonly kind?: "job";
  /** Name of the Deployment or CronJob, as in the document. */
  readonly name: string;
  readonly container: string;
  readonly namespace: string;
  /** Value of the label `app.kubernetes.io/component`. */
  readonly component: "api" | "frontend" | "worker" | "core";
  /** Command instead of the image's default. */
  readonly command?: readonly string[];
  /** Ports of the container, and its Service. Undefined for a pure consumer. */
  readonly listen?: Listening;
  readonly image: ImageContract;
  /** Probes from the document. Default: TCP on the port, or HTTP if the stack file sets a path. */
  readonly probes?: Probes;
  readonly env: Readonly<Record<string, EnvSource<S, Workload, Host>>>;
  /** Shared directories by mount path. Allows the connection to the store. */
  readonly mounts?: Readonly<Record<string, Mountable<S>>>;
  /** Put plain environment variables in a ConfigMap with this name, as in the document. */
  readonly configMap?: string;
  readonly exposure?: readonly Exposure<Host>[];
  /** Networks of the system that it calls. Allows the connections to them. */
  readonly calls?: readonly Network[];
  /** Consumers that it reads from: for its NATS permissions and for autoscaling. */
  readonly consumes?: readonly ConsumerReference<S>[];
  /** Streams that it publishes to. */
  readonly publishes?: readonly StreamReference<S>[];
  /**
   * Seconds that it may take to start before the liveness probe applies. Default: its liveness probe's initial delay.
   */
  readonly startupSeconds?: number;
  /** Whether the stack file may omit it. */
  readonly optional?: true;
}

/** Migration of a system's database schema, before its workloads are updated. */
export interface Migration<Workload extends string> {
  /** Workload whose image and environment the commands run with. */
  readonly workload: Workload;
  /** Migrates the schema. Must be idempotent. */
  readonly migrate: readonly string[];
  /** Fails unless the image expects the current schema. */
  readonly verify: readonly string[];
  /** Loads the test data set. Must be idempotent: it doesn't change existing data. */
  readonly seed: readonly string[];
}

export interface SystemSpec<
  S extends Stores = Stores,
  Workload extends string = string,
  Host extends string = string,
  Network extends string = string,
> {
  /** The system's name: key in the stack file, prefix of physical names, `app.kubernetes.io/part-of`. */
  readonly name: string;
  readonly title: string;
  readonly namespaces: readonly string[];
  /** Name of the Secret that a namespace's workloads read, as in the document. */
  readonly secret: string;
  /** Settings that the stack file sets under `env`. */
  readonly settings: readonly string[];
  readonly hosts: readonly Host[];
  /** Networks outside the VPC that workloads call: their ranges are in the stack file, under `networks`. */
  readonly networks?: readonly Network[];
  readonly stores: S;
  readonly workloads: Readonly<Record<Workload, WorkloadSpec<S, Workload, Host, Network>>>;
  /** Only for systems with a database. */
  readonly migration?: Extract<S[keyof S], PostgresStore> extends never ? never : Migration<Workload>;
}

/**
 * A system's description. The compiler infers the names of stores, workloads, hosts and networks from the description
 * itself, and checks every reference against them.
 */
export const describe = <
  const Name extends string,
  const S extends Stores,
  const Workload extends string,
  const Host extends string,
  const Network extends string = never,
>(
  spec: Omit<SystemSpec<S, Workload, Host, Network>, "workloads" | "migration"> & {
    readonly name: Name;
    readonly workloads: Readonly<Record<Workload, NoInfer<WorkloadSpec<S, Workload, Host, Network>>>>;
    readonly migration?: NoInfer<SystemSpec<S, Workload>["migration"]>;
  },
) => spec;

/** Every system of the environment, by name. */
export type Catalog = Readonly<Record<string, SystemSpec>>;
