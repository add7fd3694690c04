import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import { physicalName } from "../base/naming";
import type { StoreOutputs } from "../base/store";
import { rotationSchedule } from "../data/credentials/schedule";
import { Bootstrap } from "../jobs/roles";
import { Nats } from "../messaging/nats";
import { SharedVolume } from "../workload/shared-volume";
import { trust } from "../workload/trust";
import { natsUsers } from "./nats-users";
import { isolatedNamespace, readerStore } from "./namespaces";
import { streamJobNames } from "./stream-backups";
import type { SystemBase, SystemInCluster } from "./system-base";
import { readers } from "./wiring";

type Stores = Readonly<Record<string, StoreOutputs>>;

export interface ClusterStoresArgs extends SystemInCluster {
  /** Storage class of NATS' volumes. */
  readonly storageClass: string;
  /** The add-on that mounts shared files. */
  readonly filesDriver: pulumi.Resource;
}

/**
 * A system's stores with their parts in the cluster: roles of databases, NATS servers, and volumes and claims of shared
 * files in each namespace that mounts them. A store is ready once all its parts exist.
 */
export const clusterStores = (parent: Component, args: ClusterStoresArgs): Stores =>
  withVolumes(parent, { ...args, stores: { ...withRoles(parent, args), ...natsServers(parent, args) } });

/** Namespace of the jobs that create the roles of a system's databases. Only they read master users. */
export const bootstrapNamespace = (system: string): string => physicalName("kubernetes", system, "bootstrap");

/** The stores; databases are ready once a job in a separate namespace has created their roles. */
function withRoles(parent: Component, args: SystemBase): Stores {
  const { spec, stores, addresses, context, mirrors } = args;
  const name = bootstrapNamespace(spec.name);
  const secretStore = readerStore(parent, args, "bootstrap", name, [name]);
  if (secretStore === undefined) return stores;
  // Its jobs fit into the spare part of every quota.
  const namespace = isolatedNamespace(parent, name, [], args);
  const certificates = trust(parent, `trust-${name}`, { region: context.region, namespace });
  const ready = Object.entries(stores).map(([store, outputs]): [string, StoreOutputs] => {
    const { roles, ready: waitsFor } = outputs;
    if (roles === undefined) return [store, outputs];
    const { job } = new Bootstrap(
      parent.child(store, "roles"),
      {
        system: spec.name,
        store,
        roles,
        namespace,
        secretStore,
        trust: certificates,
        addresses,
        mirrors,
        waitsFor,
      },
      parent.inside,
    );
    if (roles.rotation !== undefined)
      rotationSchedule(parent, `${store}-roles-rotation`, roles.rotation, [job]);
    return [store, { ...outputs, ready: [...waitsFor, job] }];
  });
  return Object.fromEntries(ready);
}

/** NATS servers, for the logins that are created outside the cluster. */
function natsServers(parent: Component, args: ClusterStoresArgs): Stores {
  const {
    context,
    spec,
    settings,
    backups,
    storageClass,
    operators,
    stores,
    namespaces,
    secretStore,
    mirrors,
  } = args;
  const outputs: Record<string, StoreOutputs> = {};
  for (const [key, store] of Object.entries(spec.stores)) {
    if (store.kind !== "nats") continue;
    const amounts = settings.stores.nats[key];
    const namespace = namespaces[store.namespace]?.namespace.resource;
    const credentials = stores[key];
    if (!amounts || !namespace || !credentials || !secretStore)
      throw new Error(`${spec.name}: ${key} has no settings, namespace, logins or secret store`);
    outputs[key] = new Nats(
      parent.child(key),
      {
        context,
        spec: store,
        settings: amounts,
        namespace,
        storageClass,
        operators,
        credentials,
        mirrors,
        users: natsUsers(spec, key),
        backupJobs: streamJobNames(spec, key, backups),
        secretStore,
      },
      parent.inside,
    ).outputs;
  }
  return outputs;
}

/** The stores; shared files are ready once each namespace that mounts them has a volume and its claim. */
function withVolumes(
  parent: Component,
  { spec, stores, namespaces, filesDriver }: ClusterStoresArgs,
): Stores {
  const outputs = { ...stores };
  for (const [key, store] of Object.entries(stores)) {
    const handle = store.volume;
    if (handle === undefined) continue;
    const mounting = new Set(readers(spec, key).map(({ namespace }) => namespace));
    const claims = [...mounting].map((namespaceName) => {
      const there = namespaces[namespaceName];
      return new SharedVolume(
        parent.child(key, namespaceName),
        {
          name: physicalName("kubernetes", spec.name, key, namespaceName),
          claim: key,
          namespaceName,
          handle,
          waitsFor: [filesDriver, ...(there === undefined ? [] : [there.namespace.resource])],
        },
        parent.inside,
      ).claim;
    });
    outputs[key] = { ...store, ready: [...store.ready, ...claims] };
  }
  return outputs;
}
