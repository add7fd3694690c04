import type * as pulumi from "@pulumi/pulumi";
import { maxConnections, type SystemSettings } from "../../config";
import type { SystemSpec } from "../../systems/spec";
import type { Component } from "../base/component";
import type { Context } from "../base/context";
import { physicalName } from "../base/naming";
import type { StoreOutputs } from "../base/store";
import { primaryIdentifier, replicaPlans } from "../data/instances";
import { replicaIdentifier } from "../data/replicas";
import { cloudAlarms, type CloudAlarm } from "../observability/cloud-alarms";
import {
  cacheAlarms,
  cacheCopyAlarms,
  databaseAlarms,
  proxyAlarms,
  replicaAlarms,
} from "../observability/data-alarms";
import { thresholds } from "../observability/thresholds";

interface StoreAlarmsArgs {
  readonly context: Context;
  readonly spec: SystemSpec;
  readonly settings: SystemSettings;
  readonly stores: Readonly<Record<string, StoreOutputs>>;
  readonly alarmTopicArn: pulumi.Input<string>;
  /** Stores whose alarms are created elsewhere. Default: none. */
  readonly except?: readonly string[];
}

/** A part of a store with metrics in CloudWatch, and its alarms. */
interface Watched {
  /** Its physical name, with which its alarms' names start. */
  readonly label: string;
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly table: Readonly<Record<string, CloudAlarm>>;
}

/** A database's primary, its replicas, and its proxy. */
function database(key: string, { context: { prefix }, spec, settings }: StoreAlarmsArgs): Watched[] {
  const store = spec.stores[key];
  const amounts = settings.stores.postgres[key];
  if (store?.kind !== "postgres" || amounts === undefined) return [];
  const table = (instanceClass: string) =>
    databaseAlarms({
      storage: amounts.storage,
      connections: maxConnections(instanceClass, amounts.parameters),
      connectionShare: thresholds.connectionShare,
    });
  const instance = (label: string, instanceClass: string, more = {}): Watched => ({
    label,
    namespace: "AWS/RDS",
    dimensions: { DBInstanceIdentifier: label },
    table: { ...table(instanceClass), ...more },
  });
  const proxy = physicalName("databaseProxy", prefix, spec.name, key);
  return [
    instance(primaryIdentifier(prefix, spec.name), amounts.class),
    ...replicaPlans(store.readRoles, amounts).map(({ role, index, instanceClass }) =>
      instance(replicaIdentifier(prefix, spec.name, role, index), instanceClass, replicaAlarms),
    ),
    ...(amounts.pooling.kind === "none"
      ? []
      : [{ label: proxy, namespace: "AWS/RDS", dimensions: { ProxyName: proxy }, table: proxyAlarms }]),
  ];
}

/** The nodes of a cache. */
function cache(key: string, { settings, stores }: StoreAlarmsArgs): Watched[] {
  const amounts = settings.stores.cache[key];
  const metrics = stores[key]?.metrics;
  if (amounts === undefined || metrics === undefined) return [];
  const table = { ...cacheAlarms, ...(amounts.replicas > 0 ? cacheCopyAlarms : {}) };
  return metrics.dimensions.map((dimensions) => ({
    label: dimensions.CacheClusterId ?? key,
    namespace: metrics.namespace,
    dimensions,
    table,
  }));
}

/** Alarms on a system's databases and caches. They don't depend on the cluster. */
export function storeAlarms(parent: Component, key: string, args: StoreAlarmsArgs): void {
  const watched = Object.keys(args.spec.stores)
    .filter((store) => args.except?.includes(store) !== true)
    .flatMap((store) => [...database(store, args), ...cache(store, args)]);
  for (const { table, ...part } of watched)
    cloudAlarms(parent, `${key}-${part.label}`, table, { ...part, alarmTopicArn: args.alarmTopicArn });
}
