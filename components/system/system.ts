import type * as pulumi from "@pulumi/pulumi";
import type { EdgeSettings, SystemSettings, WorkloadSettings } from "../../config";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import { Component } from "../component";
import type { Context } from "../context";
import { Exposure } from "../edge/exposure";
import type { LoadBalancer } from "../edge/load-balancer";
import { mailpit } from "../messaging/mailpit";
import { Nats, natsFootprint } from "../messaging/nats";
import type { StoreOutputs } from "../store";
import type { Addresses } from "../workload/network-policy";
import { Workload } from "../workload/workload";
import { variables } from "./environment";
import { Namespace, type SecretStore } from "./namespace";
import { fixedFootprint, footprint, type Footprint } from "./quota";
import { reachOf } from "./reach";
import { readers, storesOf } from "./wiring";

export interface SystemArgs {
  readonly context: Context;
  readonly spec: SystemSpec;
  readonly settings: SystemSettings;
  readonly registry: string;
  readonly kubernetesVersion: string;
  readonly addresses: Addresses;
  readonly zones: EdgeSettings["zones"];
  readonly stores: Readonly<Record<string, StoreOutputs>>;
  /** Pod Identity association by workload. */
  readonly associations: Readonly<Record<string, pulumi.Resource>>;
  readonly secretStore: SecretStore;
  readonly storageClass: string;
  readonly certificates: Readonly<Record<string, pulumi.Output<string>>>;
  readonly loadBalancer: LoadBalancer;
}

/** A workload that runs beside the system's own: what it is and how large. */
interface Extra {
  readonly key: string;
  readonly spec: WorkloadSpec;
  readonly settings: WorkloadSettings;
}

/** One system in the cluster: its name spaces, what they hold, and what of it is public. */
export class System extends Component {
  constructor(name: string, args: SystemArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:system:System", name, opts);
    const namespaces = Object.fromEntries(
      args.spec.namespaces.map((namespaceName) => [namespaceName, this.namespace(namespaceName, args)]),
    );
    const stores = { ...args.stores, ...this.messaging(namespaces, args) };
    for (const [key, workload] of Object.entries(args.spec.workloads))
      this.workload(key, workload, namespaces, { ...args, stores });
    for (const extra of mailCatchers(args)) this.mailCatcher(extra, namespaces, args);
    for (const [namespaceName, namespace] of Object.entries(namespaces))
      this.exposure(namespaceName, namespace, args);
    this.registerOutputs();
  }

  private namespace(namespaceName: string, args: SystemArgs): Namespace {
    return new Namespace(
      this.child("namespace", namespaceName),
      { ...args, namespaceName, footprints: footprints(namespaceName, args) },
      this.inside,
    );
  }

  /** Stores that live in the cluster. */
  private messaging(namespaces: Record<string, Namespace>, args: SystemArgs): Record<string, StoreOutputs> {
    const { context, spec, settings, storageClass } = args;
    const outputs: Record<string, StoreOutputs> = {};
    for (const [key, store] of Object.entries(spec.stores)) {
      const amounts = settings.stores.nats[key];
      const namespace = store.kind === "nats" ? namespaces[store.namespace] : undefined;
      if (store.kind !== "nats" || amounts === undefined || namespace === undefined) continue;
      const clients = readers(spec, key).map(({ name, namespace: of }) => ({ name, namespace: of }));
      const place = { namespace: namespace.ready, namespaceName: store.namespace, storageClass };
      outputs[key] = new Nats(
        this.child(key),
        { context, settings: amounts, clients, ...place },
        this.inside,
      ).outputs;
    }
    return outputs;
  }

  private workload(
    key: string,
    spec: WorkloadSpec,
    namespaces: Record<string, Namespace>,
    args: SystemArgs,
  ): void {
    const settings = args.settings.workloads[key];
    const namespace = namespaces[spec.namespace];
    if (settings === undefined || namespace === undefined)
      throw new Error(`${spec.name}: no settings or name space`);
    const association = args.associations[key];
    const readsSecret = Object.values(spec.env).some((source) => "key" in source);
    const waitsFor = [
      association,
      readsSecret ? namespace.secret : undefined,
      ...storesOf(spec).flatMap((store) => args.stores[store]?.ready ?? []),
    ].filter((resource) => resource !== undefined);
    new Workload(
      this.child(key),
      {
        system: args.spec.name,
        spec,
        settings,
        image: withRegistry(settings.image, args.registry),
        namespace: namespace.ready,
        variables: variables(args.spec, spec, args.settings, args.stores),
        reach: reachOf(args.spec, key, spec, args.stores, association !== undefined),
        addresses: args.addresses,
        waitsFor,
      },
      this.inside,
    );
  }

  private mailCatcher(
    { key, spec, settings }: Extra,
    namespaces: Record<string, Namespace>,
    args: SystemArgs,
  ): void {
    const namespace = namespaces[spec.namespace];
    if (namespace === undefined) throw new Error(`${spec.name}: no name space ${spec.namespace}`);
    const callers = readers(args.spec, key).map(({ name, namespace: of }) => ({ name, namespace: of }));
    const ports = Object.values(spec.listen?.ports ?? {});
    new Workload(
      this.child(key),
      {
        system: args.spec.name,
        spec,
        settings,
        image: settings.image,
        namespace: namespace.ready,
        variables: variables(args.spec, spec, args.settings, {}),
        reach: { ports, public: false, callers, callees: [], destinations: [], identity: false },
        addresses: args.addresses,
        waitsFor: [],
      },
      this.inside,
    );
  }

  private exposure(namespaceName: string, namespace: Namespace, args: SystemArgs): void {
    const workloads = Object.values(args.spec.workloads).filter(
      (workload) => workload.namespace === namespaceName,
    );
    if (!workloads.some(({ exposure }) => exposure !== undefined)) return;
    const { certificates, loadBalancer, zones, settings, spec } = args;
    new Exposure(
      this.child("edge", namespaceName),
      {
        system: spec.name,
        namespaceName,
        namespace: namespace.ready,
        workloads,
        hosts: settings.hosts,
        certificates,
        zones,
        loadBalancer,
      },
      this.inside,
    );
  }
}

/** An image's first part is a registry when it has a dot or a port; else it comes from the environment's own. */
export function withRegistry(image: string, registry: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && /[.:]/.test(first) ? image : `${registry}/${image}`;
}

/** Mailpit is small, and the same wherever it runs. */
const mailCatcherResources = {
  requests: { cpu: "20m", memory: "64Mi" },
  limits: { cpu: "200m", memory: "128Mi" },
};

/** Mail catchers of a system, for the mail stores that config wants caught. */
function mailCatchers({ spec, settings }: SystemArgs): Extra[] {
  return Object.entries(spec.stores).flatMap(([key, store]) => {
    const mail = settings.stores.mail[key];
    if (store.kind !== "mail" || mail?.kind !== "mailpit") return [];
    const amounts = { image: mail.image, replicas: 1, minAvailable: 0, resources: mailCatcherResources };
    return [{ key, spec: mailpit(store), settings: amounts }];
  });
}

/** What everything in a name space takes at its largest. */
function footprints(namespaceName: string, args: SystemArgs): Footprint[] {
  const { spec, settings } = args;
  const own = Object.entries(spec.workloads)
    .filter(([, workload]) => workload.namespace === namespaceName)
    .flatMap(([key]) => settings.workloads[key] ?? [])
    .map(footprint);
  const catchers = mailCatchers(args)
    .filter((extra) => extra.spec.namespace === namespaceName)
    .map((extra) => footprint(extra.settings));
  const nats = Object.entries(spec.stores).flatMap(([key, store]) => {
    const amounts = settings.stores.nats[key];
    return store.kind === "nats" && store.namespace === namespaceName && amounts !== undefined
      ? [fixedFootprint(natsFootprint(amounts))]
      : [];
  });
  return [...own, ...catchers, ...nats];
}
