import type * as pulumi from "@pulumi/pulumi";
import type { MirrorSettings, SystemSettings } from "../../config";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import type { Context } from "../base/context";
import { physicalName } from "../base/naming";
import type { Operators } from "../base/operators";
import type { StoreOutputs } from "../base/store";
import { rotationSchedule } from "../data/rotation-schedule";
import { Bootstrap, type BootstrapArgs } from "../jobs/roles";
import { Nats } from "../messaging/nats";
import type { Namespace } from "../workload/namespace";
import { SharedVolume } from "../workload/shared-volume";
import { trust, type Trust } from "../workload/trust";
import { natsUsers } from "./nats-users";
import type { SecretStore } from "../base/external-secret";
import { storesOf, readers } from "./wiring";

type Stores = Readonly<Record<string, StoreOutputs>>;

/** Whether a workload refers to a store whose certificate it verifies. */
export const verifiesDatabase = (workload: WorkloadSpec, stores: Stores): boolean =>
  storesOf(workload).some((store) => stores[store]?.verified === true);

/** The certificates that a name space's workloads verify databases with; none where no workload uses one. */
export function databaseTrust(
  name: string,
  args: { spec: SystemSpec; stores: Stores; region: string; namespace: Namespace },
  opts: { readonly parent: pulumi.Resource },
): Trust | undefined {
  const { namespaceName: namespace, resource } = args.namespace;
  const own = Object.values(args.spec.workloads).filter((workload) => workload.namespace === namespace);
  if (!own.some((workload) => verifiesDatabase(workload, args.stores))) return undefined;
  return trust(name, { region: args.region, namespace }, { ...opts, dependsOn: [resource] });
}

/** Where a system's databases get their roles: shut to its workloads and to people. Only its jobs see master users. */
export const bootstrapNamespace = (system: string): string => physicalName("kubernetes", system, "bootstrap");

/** The stores; those whose roles are made from inside the cluster are ready once they are made. */
export function withRoles(
  stores: Stores,
  ground: Pick<BootstrapArgs, "system" | "namespace" | "secretStore" | "trust" | "addresses" | "mirrors">,
  child: (store: string) => string,
  opts: { readonly parent: pulumi.Resource },
): Stores {
  const made = Object.entries(stores).map(([store, outputs]): [string, StoreOutputs] => {
    const { roles, ready: waitsFor } = outputs;
    if (roles === undefined) return [store, outputs];
    const { job } = new Bootstrap(child(store), { ...ground, store, roles, waitsFor }, opts);
    if (roles.rotation !== undefined)
      rotationSchedule(`${child(store)}-rotation`, roles.rotation, { ...opts, dependsOn: [job] });
    return [store, { ...outputs, ready: [...waitsFor, job] }];
  });
  return Object.fromEntries(made);
}

export interface MessagingArgs {
  readonly context: Context;
  readonly spec: SystemSpec;
  readonly settings: SystemSettings;
  readonly stores: Readonly<Record<string, StoreOutputs>>;
  /** Undefined: the system reads no secret. */
  readonly secretStore: SecretStore | undefined;
  readonly storageClass: string;
  readonly operators: Operators;
  /** Stand for public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
}

/** A system's stores that live in the cluster: NATS, with what it has outside. `name` is the parent's. */
export function messaging(
  name: string,
  args: MessagingArgs,
  namespaceOf: (namespace: string) => pulumi.Resource | undefined,
  opts: pulumi.ComponentResourceOptions,
): Record<string, StoreOutputs> {
  const { context, spec, settings, storageClass, operators, stores, secretStore, mirrors } = args;
  const outputs: Record<string, StoreOutputs> = {};
  for (const [key, store] of Object.entries(spec.stores)) {
    if (store.kind !== "nats") continue;
    const [amounts, namespace, credentials] = [
      settings.stores.nats[key],
      namespaceOf(store.namespace),
      stores[key],
    ];
    if (!amounts || !namespace || !credentials || !secretStore)
      throw new Error(`${spec.name}: ${key} has no amounts, namespace, logins or secret store`);
    outputs[key] = new Nats(
      [name, key].join("-"),
      {
        ...{ context, spec: store, settings: amounts, namespace, storageClass, operators, credentials },
        ...(mirrors && { mirrors }),
        users: natsUsers(spec, key),
        secretStore,
      },
      opts,
    ).outputs;
  }
  return outputs;
}

/**
 * Makes a volume and its claim in each name space that mounts a store of shared files. The stores, those among them
 * ready when their claims are there. `name` is the parent's.
 */
export function withVolumes(
  name: string,
  spec: SystemSpec,
  stores: Readonly<Record<string, StoreOutputs>>,
  waitsFor: (namespace: string) => readonly pulumi.Resource[],
  opts: pulumi.ComponentResourceOptions,
): Record<string, StoreOutputs> {
  const outputs = { ...stores };
  for (const [key, store] of Object.entries(stores)) {
    const handle = store.volume;
    if (handle === undefined) continue;
    const namespaces = new Set(readers(spec, key).map(({ namespace }) => namespace));
    const claims = [...namespaces].map(
      (namespaceName) =>
        new SharedVolume(
          [name, key, namespaceName].join("-"),
          {
            name: physicalName("kubernetes", spec.name, key, namespaceName),
            claim: key,
            namespaceName,
            handle,
            waitsFor: waitsFor(namespaceName),
          },
          opts,
        ).claim,
    );
    outputs[key] = { ...store, ready: [...store.ready, ...claims] };
  }
  return outputs;
}
