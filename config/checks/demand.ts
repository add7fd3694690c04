import type { Catalog } from "../../systems/spec";
import type { BackupSettings } from "../recovery/backups";
import type { ClusterSettings } from "../cluster";
import { mostPods } from "../systems/pods";
import { amount } from "../quantity";
import type { LogSettings } from "../logs";
import type { SystemSettings } from "../systems";
import type { TraceSettings } from "../traces";

/** Cores and bytes. */
export interface Amounts {
  readonly cpu: number;
  readonly memory: number;
}

const mebibyte = 2 ** 20;

/**
 * Requests in addition to the workloads', by source. They are constants here, since the configuration must not depend on
 * components; a test compares them with the actual requests.
 */
export const reserve = {
  /** The cluster's own add-ons: metrics, storage drivers, certificates. */
  cluster: { cpu: 2, memory: 4096 * mebibyte },
  /** One replica of an operator, all its parts, and the spare part of its namespace's quota. */
  operator: { cpu: 0.5, memory: 864 * mebibyte },
  /** One server of Prometheus and one Alertmanager, with a share of the operator and of kube-state-metrics. */
  prometheus: { cpu: 0.8, memory: 3072 * mebibyte },
  /** The collector of one node. */
  collector: { cpu: 0.05, memory: 128 * mebibyte },
  /** One replica of the traces' gateway and of Jaeger, with a share of the spare part of their namespace's quota. */
  traces: { cpu: 0.35, memory: 832 * mebibyte },
  /** The quota of the namespace whose job backs up the configuration. */
  configuration: { cpu: 0.45, memory: 1088 * mebibyte },
  /** Jobs of a namespace, and a debug pod. */
  namespace: { cpu: 0.5, memory: 512 * mebibyte },
  /** One NATS server with its sidecars. */
  nats: { cpu: 0.6, memory: 640 * mebibyte },
  /** The exporter of one database's metrics, twice during an update. */
  exporter: { cpu: 0.04, memory: 64 * mebibyte },
  /** One mail catcher, twice during an update. */
  mailpit: { cpu: 0.04, memory: 128 * mebibyte },
} as const satisfies Record<string, Amounts>;

/** A part of the demand, and how it was calculated. */
export interface Term extends Amounts {
  readonly what: string;
  readonly pods: number;
}

const times = (what: string, pods: number, { cpu, memory }: Amounts): Term => ({
  what,
  pods,
  cpu: pods * cpu,
  memory: pods * memory,
});

export type Systems = Readonly<Partial<Record<string, SystemSettings>>>;

/** Settings that the demand depends on. */
export interface Demanding {
  readonly cluster: ClusterSettings;
  readonly systems: Systems;
  readonly logs?: LogSettings | undefined;
  readonly traces?: TraceSettings | undefined;
  readonly backups?: BackupSettings | undefined;
}

/** vCPUs of the smallest nodes that Auto Mode starts, which limits their number. Source: EKS user guide, Auto Mode. */
const leastNodeCpu = 2;

/** Nodes of the pool at its limit. */
export const mostNodes = ({ nodePool }: Pick<ClusterSettings, "nodePool">): number =>
  Math.ceil(amount(nodePool.limits.cpu) / leastNodeCpu);

/** Every workload at its maximum size, all during an update at once. */
export const workloadTerms = (systems: Systems): Term[] =>
  Object.entries(systems).flatMap(([system, settings]) =>
    Object.entries(settings?.workloads ?? {}).map(([key, workload]) => {
      const { cpu, memory } = workload.resources.requests;
      const each = { cpu: amount(cpu), memory: amount(memory) };
      return times(`${system}.${key}`, mostPods(workload), each);
    }),
  );

export function otherTerms(catalog: Catalog, { cluster, systems, logs, traces, backups }: Demanding): Term[] {
  const { prometheus, ...others } = cluster.operators;
  const nodes = mostNodes(cluster);
  const chosen = Object.entries(systems).flatMap(([name, settings]) =>
    settings === undefined ? [] : [{ spec: catalog[name], settings }],
  );
  const sum = (of: (each: (typeof chosen)[number]) => number) =>
    chosen.reduce((total, each) => total + of(each), 0);
  const servers = sum(({ settings }) =>
    Object.values(settings.stores.nats).reduce((total, store) => total + store.servers, 0),
  );
  const caught = sum(
    ({ settings }) => Object.values(settings.stores.mail).filter(({ kind }) => kind === "mailpit").length,
  );
  const replicas = Object.values(others).reduce((total, operator) => total + (operator?.replicas ?? 0), 0);
  return [
    times("the cluster's add-ons", 1, reserve.cluster),
    times("operators", replicas, reserve.operator),
    times("Prometheus", prometheus?.replicas ?? 0, reserve.prometheus),
    times("collectors on nodes", logs === undefined && traces === undefined ? 0 : nodes, reserve.collector),
    times("traces", traces?.replicas ?? 0, reserve.traces),
    times("the configuration's backup", backups?.configuration === undefined ? 0 : 1, reserve.configuration),
    times(
      "spare in namespaces",
      // And the namespace of the jobs that create databases' roles.
      sum(({ spec }) => (spec?.namespaces.length ?? 0) + (databases(spec) > 0 ? 1 : 0)),
      reserve.namespace,
    ),
    times("NATS", servers, reserve.nats),
    times(
      "databases' exporters",
      prometheus === undefined ? 0 : sum(({ spec }) => databases(spec)),
      reserve.exporter,
    ),
    times("Mailpit", caught, reserve.mailpit),
  ].filter(({ pods }) => pods > 0);
}

const databases = (spec: Catalog[string] | undefined): number =>
  Object.values(spec?.stores ?? {}).filter(({ kind }) => kind === "postgres").length;

/** Pods of the environment at its largest, all during an update at once. */
export const podsAtMost = (catalog: Catalog, demanding: Demanding): number =>
  [...workloadTerms(demanding.systems), ...otherTerms(catalog, demanding)].reduce(
    (total, { pods }) => total + pods,
    0,
  );
