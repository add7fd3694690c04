import type { EnvSource, Stores, SystemSpec, WorkloadSpec } from "../../systems/spec";
import { enginePorts } from "../base/ports";

type Source = EnvSource<Stores, string, string>;

/** One environment variable that a store fills. */
export interface StoreReference {
  readonly variable: string;
  readonly store: string;
  readonly output: string;
  /** Name of the workload: some outputs differ by workload. */
  readonly reader: string;
  /** Key in the namespace's Secret; plain outputs have none. */
  readonly key?: string;
}

/** References of a workload to its system's stores. */
export function storeReferences(workload: WorkloadSpec): StoreReference[] {
  return Object.entries(workload.env).flatMap(([variable, source]: [string, Source]) => {
    if (!("from" in source)) return [];
    const dot = source.from.indexOf(".");
    const [store, output] = [source.from.slice(0, dot), source.from.slice(dot + 1)];
    const reference = { variable, store, output, reader: workload.name };
    return [{ ...reference, ...("key" in source ? { key: source.key } : {}) }];
  });
}

/** Names of the stores that a workload refers to, without duplicates. */
export const storesOf = (workload: WorkloadSpec): string[] => [
  ...new Set([
    ...storeReferences(workload).map(({ store }) => store),
    ...Object.values(workload.mounts ?? {}),
  ]),
];

/** Outputs of stores that a workload refers to, without duplicates. */
export function outputsOf(workload: WorkloadSpec): { store: string; output: string }[] {
  const outputs = storeReferences(workload).map(
    ({ store, output }) => [`${store}.${output}`, { store, output }] as const,
  );
  return [...new Map(outputs).values()];
}

/** Keys of the workloads that a workload calls. */
export const callees = (workload: WorkloadSpec): string[] =>
  Object.values(workload.env).flatMap((source: Source) => ("service" in source ? [source.service] : []));

/** Workloads that call the one named `key`. */
export const callers = (spec: SystemSpec, key: string): WorkloadSpec[] =>
  Object.values(spec.workloads).filter((workload) => callees(workload).includes(key));

/** Workloads that refer to the store. */
export const readers = (spec: SystemSpec, store: string): WorkloadSpec[] =>
  Object.values(spec.workloads).filter((workload) => storesOf(workload).includes(store));

/**
 * Whether an output differs by workload: each has its own NATS login, and Prisma's engine reads the number of
 * connections of its pod from the URL.
 */
function isPersonal(spec: SystemSpec, { store, output }: StoreReference): boolean {
  const described = spec.stores[store];
  if (described?.kind === "postgres") return described.driver === "prisma" && /(^u|U)rl$/.test(output);
  return described?.kind === "nats";
}

/** Text for the content of a Secret's key. */
const meaning = (spec: SystemSpec, reference: StoreReference): string => {
  const { store, output, reader } = reference;
  return [store, output, ...(isPersonal(spec, reference) ? [reader] : [])].join(" ");
};

/**
 * Secret references of a namespace's workloads, one for each key of its Secret. Throws if two workloads use a key for
 * different outputs.
 */
export function secretKeys(spec: SystemSpec, namespace: string): (StoreReference & { key: string })[] {
  const byKey = new Map<string, StoreReference & { key: string }>();
  for (const workload of Object.values(spec.workloads))
    if (workload.namespace === namespace)
      for (const reference of storeReferences(workload)) {
        if (reference.key === undefined) continue;
        const known = byKey.get(reference.key);
        if (known !== undefined && meaning(spec, known) !== meaning(spec, reference))
          throw new Error(
            `${spec.secret}/${reference.key} is ${meaning(spec, known)} to ${known.reader}, and ${meaning(spec, reference)} to ${reference.reader}: give each a key of its own`,
          );
        byKey.set(reference.key, { ...reference, key: reference.key });
      }
  return [...byKey.values()];
}

/** Ports of a system's data stores that some workload refers to, by `<system>-<store>`. */
export function dataPorts(spec: SystemSpec): Record<string, number> {
  const ports: Record<string, number> = {};
  for (const [name, { kind }] of Object.entries(spec.stores))
    if ((kind === "postgres" || kind === "cache" || kind === "files") && readers(spec, name).length > 0)
      ports[`${spec.name}-${name}`] = enginePorts[kind];
  return ports;
}

/** A system's data stores whose logins may be rotated, by `<system>-<store>`. */
export const rotatedStores = (spec: SystemSpec): string[] =>
  Object.entries(spec.stores)
    .filter(([name, { kind }]) => kind === "postgres" && readers(spec, name).length > 0)
    .map(([name]) => `${spec.name}-${name}`);

/** Namespaces of a system's NATS servers, without duplicates. */
export const natsNamespaces = (spec: SystemSpec): string[] => [
  ...new Set(Object.values(spec.stores).flatMap((store) => (store.kind === "nats" ? [store.namespace] : []))),
];

/** The store that a system's backups go to; undefined: it has none. */
export const backupsBucket = (spec: SystemSpec): string | undefined =>
  Object.entries(spec.stores).find(([, store]) => store.kind === "bucket" && store.backups === true)?.[0];
