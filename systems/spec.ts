/**
 * The vocabulary in which a system is described: its shape, never an amount and never an environment.
 *
 * A description is one call of `describe`: a reference to a store, workload, host or network that the system doesn't
 * have doesn't compile. Amounts are in `Pulumi.<stack>.yaml`, meaning is in `components/`.
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

/** Where the value of an environment variable comes from. */
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

/** HTTP probe as a document gives it, in seconds. */
export interface HttpProbe {
  readonly path: string;
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
}

export interface Probes {
  readonly liveness: HttpProbe;
  readonly readiness: HttpProbe;
}

/** What the workload's image needs under the `restricted` Pod Security level. See `docs/image-contract.md`. */
export interface ImageContract {
  /** Numeric user that the container runs as. */
  readonly user: number;
  /** Directories the process writes to: scratch volumes by name, since the root file system is read-only. */
  readonly scratch: Readonly<Record<string, string>>;
}

/** What a CDN keeps of what a workload serves. It asks for everything else each time. */
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
  /** The whole host stands behind a CDN, where the stack file has one (`edge.cdn`). What other workloads serve passes uncached. */
  readonly cdn?: Cached;
  /** A browser stays with one instance (session handling). */
  readonly sticky?: true;
}

export interface Listening {
  readonly service: string;
  /** Ports by name. The first is the one that probes, URLs and public paths mean. */
  readonly ports: Readonly<Record<string, number>>;
  /** Further Services on the same pods, by public path: parts of the system that share an image today. */
  readonly additionalServices?: Readonly<Record<string, string>>;
  /** Port on which it takes syslog messages, over TCP and UDP: where, and from whom, is in the stack file. */
  readonly syslog?: number;
  /** Where it serves metrics, on the main port: see `docs/image-contract.md`. Prometheus scrapes them. */
  readonly metrics?: {
    readonly path: string;
    /** It serves `database_query_duration_seconds`, and so has the alert DatabaseSlowQueries. */
    readonly queries?: true;
    /** Minutes that the alert HighErrorRate must hold. Default: 5, as in AMS' document. */
    readonly errorMinutes?: number;
  };
}

export interface WorkloadSpec<
  S extends Stores = Stores,
  Workload extends string = string,
  Host extends string = string,
  Network extends string = string,
> {
  /** Name of the Deployment, as the document has it. */
  readonly name: string;
  readonly container: string;
  readonly namespace: string;
  /** What the workload is to the system: `app.kubernetes.io/component`. */
  readonly component: "api" | "frontend" | "worker" | "core";
  /** Command in place of the image's own. */
  readonly command?: readonly string[];
  /** What the container listens on, and the Service that leads there. None for a pure consumer. */
  readonly listen?: Listening;
  readonly image: ImageContract;
  /** Probes that a document gives. Without them: TCP on the port, or HTTP where config names a path. */
  readonly probes?: Probes;
  readonly env: Readonly<Record<string, EnvSource<S, Workload, Host>>>;
  /** Shared directories by the path that they stand at in the container. Allows the connection to the store. */
  readonly mounts?: Readonly<Record<string, Mountable<S>>>;
  /** Put plain environment variables in a ConfigMap of this name, as the document does. */
  readonly configMap?: string;
  readonly exposure?: readonly Exposure<Host>[];
  /** Networks of the system that it calls. Allows the connections to them. */
  readonly calls?: readonly Network[];
  /** Consumers that it reads from: what it may do at the server, and what it can be scaled by. */
  readonly consumes?: readonly ConsumerReference<S>[];
  /** Streams that it publishes to. */
  readonly publishes?: readonly StreamReference<S>[];
  /** Seconds that it may take to start before liveness counts. Default: its liveness probe's initial delay. */
  readonly startupSeconds?: number;
  /** The stack file may leave it out. */
  readonly optional?: true;
}

/** How a new version of a system's database schema comes in, before the version itself. */
export interface Migration<Workload extends string> {
  /** Workload whose image and environment the commands run with. */
  readonly workload: Workload;
  /** Brings the schema up to date. May be run again. */
  readonly migrate: readonly string[];
  /** Fails unless the schema is the one that the image expects. */
  readonly verify: readonly string[];
  /** Fills the database with the test data set. May be run again: it leaves what is there as it is. */
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
  /** Name of the Secret that a namespace's workloads read, as the document has it. */
  readonly secret: string;
  /** Settings that the stack file gives under `env`. */
  readonly settings: readonly string[];
  readonly hosts: readonly Host[];
  /** Networks outside the VPC that workloads call: the stack file says where they are, under `networks`. */
  readonly networks?: readonly Network[];
  readonly stores: S;
  readonly workloads: Readonly<Record<Workload, WorkloadSpec<S, Workload, Host, Network>>>;
  /** Only where there is a database to migrate. */
  readonly migration?: Extract<S[keyof S], PostgresStore> extends never ? never : Migration<Workload>;
}

/**
 * A system's description, as it is given. The compiler takes the names of stores, workloads, hosts and networks from
 * the description itself, and checks every reference against them.
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
