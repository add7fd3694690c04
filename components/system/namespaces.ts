import type * as pulumi from "@pulumi/pulumi";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import type { Component } from "../base/component";
import type { SecretStore } from "../base/external-secret";
import type { StoreOutputs } from "../base/store";
import { operatorBinding } from "../cluster/people-roles";
import { allowDns, defaultDeny } from "../network/pod-traffic";
import { Namespace } from "../workload/namespace";
import { reloaderRights } from "../workload/restarts";
import { namespaceAuthority, servesTls } from "../workload/tls";
import { trust, type Trust } from "../workload/trust";
import { metricsNamespaces } from "./operator-reach";
import type { Footprint } from "./footprint";
import { footprints, quota } from "./quota";
import type { ReaderArns } from "./secrets/readers";
import { secretStore } from "../base/secret-store";
import { syncedSecret } from "./secrets/synced";
import type { SystemBase, SystemInCluster, SystemNamespace } from "./system-base";
import { storesOf } from "./wiring";

/** A system's namespaces with the Secrets that its workloads read there, and the ClusterSecretStore of those. */
export function systemNamespaces(
  parent: Component,
  args: SystemBase,
): Pick<SystemInCluster, "namespaces" | "secretStore"> {
  const { spec } = args;
  const secretStore = readerStore(parent, args, "workloads", spec.name, spec.namespaces);
  const namespaces = spec.namespaces.map(
    (name) => [name, systemNamespace(parent, name, secretStore, args)] as const,
  );
  return { secretStore, namespaces: Object.fromEntries(namespaces) };
}

/** The ClusterSecretStore for one of a system's roles; undefined: the system reads no secrets with it. */
export function readerStore(
  parent: Component,
  { readers, context, externalSecrets }: SystemBase,
  reader: keyof ReaderArns,
  storeName: string,
  namespaces: readonly string[],
): SecretStore | undefined {
  const role = readers[reader];
  if (role === undefined) return undefined;
  const args = { storeName, region: context.region, role, namespaces, operator: externalSecrets };
  return secretStore(parent, `secret-store-${reader}`, args);
}

/** A namespace of a system, with a default deny and a quota for its workloads. */
export function isolatedNamespace(
  parent: Component,
  namespaceName: string,
  holds: readonly Footprint[],
  { spec, settings, kubernetesVersion, addresses, namespacesWaitFor }: SystemBase,
): Namespace {
  return new Namespace(
    parent.child("namespace", namespaceName),
    {
      namespaceName,
      partOf: spec.name,
      kubernetesVersion,
      servesMetrics: metricsNamespaces(spec).includes(namespaceName),
      behindLoadBalancer: Object.values(spec.workloads).some(
        ({ namespace: of, exposure, listen }) =>
          of === namespaceName &&
          (exposure !== undefined || (listen?.syslog !== undefined && settings.syslog !== undefined)),
      ),
      quota: quota(holds),
      policies: { "default-deny": defaultDeny, "allow-dns": allowDns(addresses.serviceCidr) },
      admission: true,
      waitsFor: namespacesWaitFor,
    },
    parent.inside,
  );
}

function systemNamespace(
  parent: Component,
  namespaceName: string,
  store: SecretStore | undefined,
  args: SystemBase,
): SystemNamespace {
  const { spec, stores, context } = args;
  const namespace = isolatedNamespace(
    parent,
    namespaceName,
    footprints(namespaceName, spec, args.settings, args.backups, args.operators.prometheus !== undefined),
    args,
  );
  const { resource } = namespace;
  operatorBinding(parent, `operators-${namespaceName}`, { name: namespaceName, resource });
  const secret = syncedSecret(parent, `secret-${namespaceName}`, {
    spec,
    namespace,
    secretStore: store,
    stores,
  });
  if (args.operators.reloader !== undefined)
    reloaderRights(parent, `restarts-${namespaceName}`, { name: namespaceName, resource });
  return {
    namespace,
    secret,
    trust: databaseTrust(parent, { spec, stores, region: context.region, namespace }),
    serviceAuthority: servicesTrust(parent, namespaceName, resource, args),
  };
}

/** The authority of the system's workloads that serve TLS in one of its namespaces. */
function servicesTrust(
  parent: Component,
  namespace: string,
  resource: pulumi.Resource,
  { spec, operators: { serviceIssuer } }: SystemBase,
): pulumi.Resource | undefined {
  if (serviceIssuer === undefined || !Object.values(spec.workloads).some(servesTls)) return undefined;
  return namespaceAuthority(parent, `services-${namespace}`, {
    namespace,
    waitsFor: [resource, serviceIssuer],
  });
}

/** Whether a workload refers to a store whose certificate must be verified. */
export const verifiesDatabase = (
  workload: WorkloadSpec,
  stores: Readonly<Record<string, StoreOutputs>>,
): boolean => storesOf(workload).some((store) => stores[store]?.verified === true);

/** The certificate authorities of databases for a namespace's workloads; undefined if no workload uses a database. */
function databaseTrust(
  parent: Component,
  args: {
    spec: SystemSpec;
    stores: Readonly<Record<string, StoreOutputs>>;
    region: string;
    namespace: Namespace;
  },
): Trust | undefined {
  const { namespaceName: namespace } = args.namespace;
  const own = Object.values(args.spec.workloads).filter((workload) => workload.namespace === namespace);
  if (!own.some((workload) => verifiesDatabase(workload, args.stores))) return undefined;
  return trust(parent, `trust-${namespace}`, args);
}
