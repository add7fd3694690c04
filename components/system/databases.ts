import type * as pulumi from "@pulumi/pulumi";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import { rotationSchedule } from "../data/rotation-schedule";
import { physicalName } from "../naming";
import type { StoreOutputs } from "../store";
import type { Namespace } from "../workload/namespace";
import { trust, type Trust } from "../workload/trust";
import { Bootstrap, type BootstrapArgs } from "./bootstrap";
import { storesOf } from "./wiring";

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
