import type * as pulumi from "@pulumi/pulumi";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import { rotationSchedule } from "../data/rotation-schedule";
import type { StoreOutputs } from "../store";
import type { Namespace } from "../workload/namespace";
import type { Addresses } from "../workload/network-policy";
import { trust, type Trust } from "../workload/trust";
import { Bootstrap } from "./bootstrap";
import type { SecretStore } from "./synced-secret";
import { readers, storesOf } from "./wiring";

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

export interface RolesArgs {
  readonly spec: SystemSpec;
  readonly stores: Stores;
  readonly addresses: Addresses;
  readonly secretStore: SecretStore;
  /** The system's name spaces: a database's job runs in the first that refers to it. */
  readonly places: Readonly<
    Record<string, { readonly component: Namespace; readonly trust: Trust | undefined }>
  >;
  /** Name of a store's job. */
  readonly child: (store: string) => string;
}

/** The stores; those whose roles are made from inside the cluster are ready once they are made. */
export function withRoles(args: RolesArgs, opts: { readonly parent: pulumi.Resource }): Stores {
  const { spec, addresses, secretStore } = args;
  const stores = Object.entries(args.stores).map(([key, outputs]): [string, StoreOutputs] => {
    const place = args.places[readers(spec, key)[0]?.namespace ?? ""];
    if (outputs.roles === undefined || place?.trust === undefined) return [key, outputs];
    const { job } = new Bootstrap(
      args.child(key),
      {
        ...{ system: spec.name, store: key, roles: outputs.roles, addresses, secretStore },
        ...{ namespace: place.component, trust: place.trust, waitsFor: outputs.ready },
      },
      opts,
    );
    if (outputs.roles.rotation !== undefined)
      rotationSchedule(`${args.child(key)}-rotation`, outputs.roles.rotation, { ...opts, dependsOn: [job] });
    return [key, { ...outputs, ready: [...outputs.ready, job] }];
  });
  return Object.fromEntries(stores);
}
