import type * as pulumi from "@pulumi/pulumi";
import type { MirrorSettings, SystemSettings } from "../../config";
import type { SystemSpec } from "../../systems/spec";
import type { SecretStore } from "../base/external-secret";
import type { Context } from "../base/context";
import type { Operators } from "../base/operators";
import type { StoreOutputs } from "../base/store";
import { operatorBinding } from "../cluster/people-roles";
import { allowDns, defaultDeny } from "../network/pod-traffic";
import { Namespace } from "../workload/namespace";
import type { Addresses } from "../workload/network-policy";
import { reloaderRights, type ReadSecret } from "../workload/restarts";
import { trust, type Trust } from "../workload/trust";
import { bootstrapNamespace, databaseTrust, withRoles } from "./cluster-stores";
import { metricsNamespaces } from "./operator-reach";
import { footprints, quota, type Footprint } from "./quota";
import type { ReaderArns } from "./secret-readers";
import { secretStore } from "./secret-store";
import { syncedSecret } from "./synced-secret";

/** A namespace, and the Secret in it that workloads read. */
export interface Place {
  readonly namespace: pulumi.Resource;
  readonly component: Namespace;
  readonly secret: ReadSecret | undefined;
  /** Certificates that its pods verify databases with; undefined: they use none. */
  readonly trust: Trust | undefined;
}

export interface PlacesArgs {
  readonly context: Context;
  readonly spec: SystemSpec;
  readonly settings: SystemSettings;
  readonly kubernetesVersion: string;
  readonly addresses: Addresses;
  readonly stores: Readonly<Record<string, StoreOutputs>>;
  /** IAM roles that the system's secrets are read as. */
  readonly readers: ReaderArns;
  /** The External Secrets Operator. */
  readonly externalSecrets: pulumi.Resource;
  readonly operators: Operators;
  /** Stand for public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
  /** What must be there before a namespace: the classes that pods name, and the policies that ask about its objects. */
  readonly namespacesWaitFor: readonly pulumi.Resource[];
}

type Child = (...parts: string[]) => string;
interface Parent {
  readonly parent: pulumi.Resource;
}

/** A system's namespaces with what its workloads read there, and the store that their secrets come from. */
export function systemPlaces(
  child: Child,
  args: PlacesArgs,
  opts: Parent,
): { secretStore: SecretStore | undefined; places: Readonly<Record<string, Place>> } {
  const { spec } = args;
  const store = storeOf(child, args, "workloads", spec.name, spec.namespaces, opts);
  const places = spec.namespaces.map((name) => [name, place(child, name, store, args, opts)] as const);
  return { secretStore: store, places: Object.fromEntries(places) };
}

/** The stores, with their databases' roles made in a namespace of its own: no workload sees a master user. */
export function withBootstrap(
  child: Child,
  args: PlacesArgs,
  opts: Parent,
): Readonly<Record<string, StoreOutputs>> {
  const { spec, stores, addresses, context } = args;
  const name = bootstrapNamespace(spec.name);
  const reader = storeOf(child, args, "bootstrap", name, [name], opts);
  if (reader === undefined) return stores;
  // Its jobs are as small as what every quota has to spare for some.
  const namespace = namespaceOf(child, name, [], args, opts);
  const certificates = trust(
    child("trust", name),
    { region: context.region, namespace: name },
    { ...opts, dependsOn: [namespace.resource] },
  );
  const mirrors = args.mirrors && { mirrors: args.mirrors };
  const ground = {
    system: spec.name,
    namespace,
    trust: certificates,
    addresses,
    secretStore: reader,
    ...mirrors,
  };
  return withRoles(stores, ground, (key) => child(key, "roles"), opts);
}

function storeOf(
  child: Child,
  { readers, context, externalSecrets }: PlacesArgs,
  reader: keyof ReaderArns,
  storeName: string,
  namespaces: readonly string[],
  opts: Parent,
): SecretStore | undefined {
  const role = readers[reader];
  if (role === undefined) return undefined;
  const args = { storeName, region: context.region, role, namespaces, operator: externalSecrets };
  return secretStore(child("secret-store", reader), args, opts);
}

function namespaceOf(
  child: Child,
  namespaceName: string,
  holds: readonly Footprint[],
  { spec, kubernetesVersion, addresses, namespacesWaitFor }: PlacesArgs,
  opts: Parent,
): Namespace {
  return new Namespace(
    child("namespace", namespaceName),
    {
      namespaceName,
      partOf: spec.name,
      kubernetesVersion,
      servesMetrics: metricsNamespaces(spec).includes(namespaceName),
      behindLoadBalancer: Object.values(spec.workloads).some(
        ({ namespace: of, exposure }) => of === namespaceName && exposure !== undefined,
      ),
      quota: quota(holds),
      policies: { "default-deny": defaultDeny, "allow-dns": allowDns(addresses.serviceCidr) },
      admission: true,
      waitsFor: namespacesWaitFor,
    },
    opts,
  );
}

function place(
  child: Child,
  namespaceName: string,
  store: SecretStore | undefined,
  args: PlacesArgs,
  opts: Parent,
): Place {
  const { spec, stores, context } = args;
  const namespace = namespaceOf(
    child,
    namespaceName,
    footprints(namespaceName, spec, args.settings),
    args,
    opts,
  );
  operatorBinding(
    child("operators", namespaceName),
    { name: namespaceName, resource: namespace.resource },
    opts,
  );
  const secret = syncedSecret(
    child("secret", namespaceName),
    { spec, namespace, secretStore: store, stores },
    opts,
  );
  if (args.operators.reloader !== undefined)
    reloaderRights(child("restarts", namespaceName), namespaceName, {
      ...opts,
      dependsOn: [namespace.resource],
    });
  const certificates = databaseTrust(
    child("trust", namespaceName),
    { spec, stores, region: context.region, namespace },
    opts,
  );
  return { namespace: namespace.resource, component: namespace, secret, trust: certificates };
}
