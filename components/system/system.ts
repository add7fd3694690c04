import type * as pulumi from "@pulumi/pulumi";
import type { EdgeSettings, SystemSettings } from "../../config";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import { Component } from "../component";
import type { Context } from "../context";
import { Exposure } from "../edge/exposure";
import type { LoadBalancer } from "../edge/load-balancer";
import type { StoreOutputs } from "../store";
import type { Operators } from "../operators";
import type { References } from "../release/images";
import { allowDns, defaultDeny } from "../network/pod-traffic";
import { Namespace } from "../workload/namespace";
import type { Addresses } from "../workload/network-policy";
import type { Trust } from "../workload/trust";
import { Workload } from "../workload/workload";
import { databaseTrust, verifiesDatabase, withRoles } from "./databases";
import { variables } from "./environment";
import { footprints } from "./footprints";
import { mailCatcher } from "./mail-catcher";
import { mailCatchers } from "./mail-catchers";
import { messaging } from "./messaging";
import { metricsNamespaces } from "./metrics";
import { stages } from "./order";
import { quota } from "./quota";
import { reachOf } from "./reach";
import { gates, runs, tests } from "./release";
import { releasesOf } from "./releases";
import { scalingSources } from "./scaling-sources";
import { withVolumes } from "./shared-volumes";
import { syncedSecret, type SecretStore } from "./synced-secret";
import { withTesters } from "./testers";
import { storesOf } from "./wiring";

export interface SystemArgs {
  readonly context: Context;
  readonly spec: SystemSpec;
  readonly settings: SystemSettings;
  readonly registry: string;
  /** Images that are built here, by their names. */
  readonly images: References;
  readonly kubernetesVersion: string;
  readonly addresses: Addresses;
  readonly zones: EdgeSettings["zones"];
  readonly stores: Readonly<Record<string, StoreOutputs>>;
  /** Pod Identity association by workload. */
  readonly associations: Readonly<Record<string, pulumi.Resource>>;
  readonly secretStore: SecretStore;
  readonly storageClass: string;
  readonly operators: Operators;
  /** Address of Prometheus; undefined: there is none. */
  readonly prometheus: string | undefined;
  /** What pods name, and so their name spaces wait for. */
  readonly priorityClasses: readonly pulumi.Resource[];
  readonly certificates: Readonly<Record<string, pulumi.Output<string>>>;
  readonly loadBalancer: LoadBalancer;
  /** The add-on that mounts shared directories. */
  readonly filesDriver: pulumi.Resource;
}

/** A name space, and the Secret in it that workloads read. */
interface Place {
  readonly namespace: pulumi.Resource;
  readonly component: Namespace;
  readonly secret: pulumi.Resource | undefined;
  /** Certificates that its pods verify databases with; undefined: they use none. */
  readonly trust: Trust | undefined;
}

/** One system in the cluster: its name spaces, what they hold, and what of it is public. */
export class System extends Component {
  constructor(name: string, args: SystemArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:system:System", name, opts);
    const places = Object.fromEntries(
      args.spec.namespaces.map((namespaceName) => [namespaceName, this.place(namespaceName, args)]),
    );
    const own = {
      ...withRoles({ ...args, places, child: (key) => this.child(key, "roles") }, this.inside),
      ...messaging(this.componentName, args, (namespace) => places[namespace]?.namespace, this.inside),
    };
    const stores = withVolumes(
      this.componentName,
      args.spec,
      own,
      (namespace) => [
        args.filesDriver,
        ...(places[namespace] === undefined ? [] : [places[namespace].namespace]),
      ],
      this.inside,
    );
    const release = { ...args, stores, places };
    const workloads: Workload[] = [];
    let before = gates(this.child("gates"), release, this.inside);
    for (const stage of stages(args.spec)) {
      const made = stage.flatMap(([key, workload]) =>
        this.workload(key, workload, places, { ...args, stores }, before),
      );
      before = made.map(({ pods }) => pods);
      workloads.push(...made);
    }
    tests((...parts) => this.child(...parts), release, before, this.inside);
    for (const catcher of mailCatchers(args.spec, args.settings))
      mailCatcher(this.child(catcher.key), catcher, { ...args, places }, this.inside);
    for (const [namespaceName, place] of Object.entries(places))
      this.exposure(namespaceName, place, workloads, args);
    this.registerOutputs();
  }

  private place(namespaceName: string, args: SystemArgs): Place {
    const { spec, kubernetesVersion, addresses, secretStore, stores } = args;
    const namespace = new Namespace(
      this.child("namespace", namespaceName),
      {
        namespaceName,
        partOf: spec.name,
        kubernetesVersion,
        readsSecrets: true,
        servesMetrics: metricsNamespaces(spec).includes(namespaceName),
        behindLoadBalancer: Object.values(spec.workloads).some(
          ({ namespace: of, exposure }) => of === namespaceName && exposure !== undefined,
        ),
        quota: quota(footprints(namespaceName, spec, args.settings)),
        policies: { "default-deny": defaultDeny, "allow-dns": allowDns(addresses.serviceCidr) },
        waitsFor: args.priorityClasses,
      },
      this.inside,
    );
    const secret = syncedSecret(
      this.child("secret", namespaceName),
      { spec, namespace, secretStore, stores },
      this.inside,
    );
    const certificates = databaseTrust(
      this.child("trust", namespaceName),
      { spec, stores, region: args.context.region, namespace },
      this.inside,
    );
    return { namespace: namespace.resource, component: namespace, secret, trust: certificates };
  }

  /** One workload; it is brought up to date after what is in `before`. */
  private workload(
    key: string,
    spec: WorkloadSpec,
    places: Record<string, Place>,
    args: SystemArgs,
    before: readonly pulumi.Resource[],
  ): Workload {
    const settings = args.settings.workloads[key];
    const place = places[spec.namespace];
    if (settings === undefined || place === undefined)
      throw new Error(`${spec.name}: no settings or name space`);
    const association = args.associations[key];
    const certificates = verifiesDatabase(spec, args.stores) ? place.trust : undefined;
    const readsSecret = Object.values(spec.env).some((source) => "key" in source);
    const waitsFor = [
      association,
      readsSecret ? place.secret : undefined,
      certificates?.resource,
      ...storesOf(spec).flatMap((store) => args.stores[store]?.ready ?? []),
      ...before,
    ].filter((resource) => resource !== undefined);
    const reach = reachOf(args.spec, key, spec, args.stores, association !== undefined, args.operators);
    return new Workload(
      this.child(key),
      {
        system: args.spec.name,
        spec,
        settings,
        image: runs(settings.image, args),
        namespace: place.namespace,
        variables: variables(args.spec, spec, args.settings, args.stores),
        reach: withTesters(reach, args.spec, spec, args.settings),
        addresses: args.addresses,
        waitsFor,
        trust: certificates,
        scaling: scalingSources(args.spec, spec, settings, { ...args, region: args.context.region }),
        operators: args.operators,
        authorities: storesOf(spec).flatMap((store) => args.stores[store]?.authority ?? []),
        prometheus: args.prometheus,
      },
      this.inside,
    );
  }

  private exposure(namespaceName: string, place: Place, made: readonly Workload[], args: SystemArgs): void {
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
        namespace: place.namespace,
        workloads,
        releases: releasesOf(spec, settings),
        services: made
          .filter(({ namespaceName: of }) => of === namespaceName)
          .flatMap(({ sideServices }) => sideServices),
        hosts: settings.hosts,
        certificates,
        zones,
        loadBalancer,
      },
      this.inside,
    );
  }
}
