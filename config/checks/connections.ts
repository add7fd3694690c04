import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import { instanceClasses } from "../stores/instance-classes";
import { maxConnections } from "./memory";
import { mostPods } from "../systems/pods";
import { reservedConnections } from "../stores/pooling";
import type { PostgresSettings } from "../stores/postgres";

/** Settings of a workload that matter here. */
interface Pods {
  readonly replicas?: number | undefined;
  readonly autoscaling?: { readonly max: number } | undefined;
  /** Connections that each pod opens to each instance whose URL it gets. */
  readonly pool?: number | undefined;
}

interface Amounts {
  readonly stores: { readonly postgres: Readonly<Record<string, PostgresSettings>> };
  readonly workloads: Readonly<Record<string, Pods | undefined>>;
}

/** A URL of a PostgreSQL store that a workload gets: of its primary (`url`), or of a read role (`<role>Url`). */
interface DatabaseUrl {
  readonly store: string;
  readonly output: string;
}

/** The databases that a workload connects to, one entry per URL. */
export function databaseUrls(spec: Pick<SystemSpec, "stores">, workload: WorkloadSpec): DatabaseUrl[] {
  const urls = Object.values(workload.env).flatMap((source): DatabaseUrl[] => {
    if (!("from" in source)) return [];
    const [store = "", output = ""] = source.from.split(".");
    const isUrl = output === "url" || output.endsWith("Url");
    return spec.stores[store]?.kind === "postgres" && isUrl ? [{ store, output }] : [];
  });
  return [...new Map(urls.map((url) => [`${url.store}.${url.output}`, url])).values()];
}

/** Connections that each pod may open to each instance whose URL it gets, by the workload's name. */
export const pools = (
  spec: Pick<SystemSpec, "workloads">,
  amounts: Amounts["workloads"],
): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(spec.workloads).flatMap(([key, { name }]) => {
      const pool = amounts[key]?.pool;
      return pool === undefined ? [] : [[name, pool]];
    }),
  );

/** An instance, or the instances of a role, with the workloads that connect to it. */
interface Target {
  readonly path: readonly string[];
  /** Connections available to the workloads, and the calculation. */
  readonly room: number;
  readonly calculated: string;
  readonly outputs: readonly string[];
}

const whole = (most: number) => `${most} - ${reservedConnections} reserved = ${most - reservedConnections}`;

/** Targets of a database's connections. The primary serves roles without replicas. */
function targets(name: string, settings: PostgresSettings, readRoles: readonly string[]): Target[] {
  const { parameters, pooling } = settings;
  const set = parameters.max_connections !== undefined;
  const at = (...path: string[]) => ["stores", name, ...path];
  const instance = (instanceClass: string, path: string[], outputs: readonly string[]): Target => {
    const most = maxConnections(instanceClass, parameters);
    return {
      path: set ? at("parameters", "max_connections") : at(...path),
      room: most - reservedConnections,
      calculated: `${set ? "max_connections" : `a ${instanceClass} allows about`} ${whole(most)}`,
      outputs,
    };
  };
  const onReplicas = readRoles.flatMap((role) => {
    const wanted = settings.readReplicas[role];
    return wanted === undefined
      ? []
      : [instance(wanted.class, ["readReplicas", role, "class"], [`${role}Url`])];
  });
  // The proxy has no login for readers: a role without replicas connects to the primary itself.
  const unserved = readRoles
    .filter((role) => settings.readReplicas[role] === undefined)
    .map((role) => `${role}Url`);
  const primary = instance(settings.class, ["class"], unserved);
  if (pooling.kind === "none") return [{ ...primary, outputs: ["url", ...primary.outputs] }, ...onReplicas];
  const { connections } = pooling;
  return [
    {
      path: at("pooling", "connections"),
      room: connections,
      calculated: `the proxy keeps ${connections}`,
      outputs: ["url"],
    },
    {
      ...primary,
      room: primary.room - connections,
      calculated: `${primary.calculated}, less the proxy's ${connections} = ${primary.room - connections}`,
    },
    ...onReplicas,
  ];
}

/**
 * Databases that allow fewer connections than their workloads can open, with the calculation: the maximum number of
 * pods, including those of a rolling update, each with a full pool. A proxy counts like a database: drivers that
 * prepare statements pin a connection each.
 */
export function connectionFaults(spec: SystemSpec, amounts: Amounts): { path: string[]; message: string }[] {
  return Object.entries(spec.stores).flatMap(([name, store]) => {
    const settings = amounts.stores.postgres[name];
    if (store.kind !== "postgres" || settings === undefined) return [];
    const classes = [settings.class, ...Object.values(settings.readReplicas).map((role) => role?.class)];
    // A class that isn't in the table is already another fault.
    if (!classes.every((each) => each === undefined || Object.hasOwn(instanceClasses, each))) return [];
    return targets(name, settings, store.readRoles).flatMap(({ path, room, calculated, outputs }) => {
      const terms = Object.entries(spec.workloads).flatMap(([key, workload]) =>
        databaseUrls(spec, workload)
          .filter((url) => url.store === name && outputs.includes(url.output))
          .map(({ output }) => {
            const pods = mostPods(amounts.workloads[key] ?? {});
            const pool = amounts.workloads[key]?.pool ?? 0;
            return { total: pods * pool, text: `${key} ${pods} pods × ${pool} (${output})` };
          }),
      );
      const total = terms.reduce((sum, term) => sum + term.total, 0);
      if (total <= room) return [];
      const sum = terms.map(({ text }) => text).join(" + ");
      return [{ path: [...path], message: `room for ${sum} = ${total} connections: ${calculated}` }];
    });
  });
}
