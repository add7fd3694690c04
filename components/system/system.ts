import type * as pulumi from "@pulumi/pulumi";
import type { EdgeSettings } from "../../config";
import type { WorkloadSpec } from "../../systems/spec";
import { Component } from "../base/component";
import type { Cdn } from "../edge/cdn";
import { Exposure } from "../edge/exposure";
import type { Failover } from "../edge/failover";
import type { LoadBalancer } from "../edge/load-balancer";
import type { Syslog } from "../edge/syslog";
import { targetBinding } from "../edge/target-binding";
import type { References } from "../workload/built-images";
import type { Namespace } from "../workload/namespace";
import { syslogPort } from "../workload/ports";
import { serviceAuthority } from "../workload/tls";
import { Workload } from "../workload/workload";
import { clusterStores } from "./cluster-stores";
import { systemRules } from "./alerts";
import type { BackupAccess } from "./backup-access";
import { runDatabaseExporters } from "./database-exporters";
import { dumpJobs } from "./dumps";
import { mailCatchers, runMailCatcher } from "./mail-catchers";
import { systemNamespaces, verifiesDatabase } from "./namespaces";
import { callsOverTls, reachOf, withTestPods } from "./reach";
import { stages, gates, imageReference, tests, releasesOf } from "./release";
import { scalingSources } from "./scaling-sources";
import { streamJobs } from "./stream-backups";
import type { SystemBase, SystemInCluster } from "./system-base";
import { traceVariables, withCollector } from "./traces";
import { variables } from "./variables";
import { storesOf } from "./wiring";

export interface SystemArgs extends SystemBase {
  readonly registry: string;
  /** Images that are built here, by their names. */
  readonly images: References;
  readonly zones: EdgeSettings["zones"];
  /** Pod Identity association by workload. */
  readonly associations: Readonly<Record<string, pulumi.Resource>>;
  /** Those of the jobs that back up and restore. */
  readonly backupAccess: BackupAccess;
  readonly storageClass: string;
  /** Address of Prometheus; undefined: not configured. */
  readonly prometheus: string | undefined;
  /** Whether workloads send spans to their node's collector. */
  readonly traced: boolean;
  readonly certificates: Readonly<Record<string, pulumi.Output<string>>>;
  readonly loadBalancer: LoadBalancer;
  /** The CDN in front of the load balancer; undefined: none. */
  readonly cdn: Cdn | undefined;
  /** The load balancer for syslog messages; undefined: the system receives none. */
  readonly syslog: Syslog | undefined;
  /** The add-on that mounts shared directories. */
  readonly filesDriver: pulumi.Resource;
  /** Another region writes the system's database, and migrates it. */
  readonly passive: boolean;
  /** Resources that must be ready before a release starts here. */
  readonly after: readonly pulumi.Resource[];
  /** What routes clients to the region that serves; undefined: there is no other region. */
  readonly failover: Failover | undefined;
}

/** One system in the cluster: its namespaces, their contents, and its public hosts. */
export class System extends Component {
  /** The load balancer's address, once for each namespace that has public workloads. */
  readonly addresses: readonly pulumi.Output<string>[];
  /** The pods of the last stage of a release. */
  readonly released: readonly pulumi.Resource[];

  constructor(name: string, args: SystemArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:system:System", name, opts);
    const started = { ...args, ...systemNamespaces(this, args) };
    const system = { ...started, stores: clusterStores(this, started) };
    const workloads: Workload[] = [];
    let before = [...args.after, ...(args.passive ? [] : gates(this, system))];
    for (const stage of stages(args.spec)) {
      const made = stage.map(([key, workload]) => this.workload(key, workload, system, before));
      before = made.map(({ pods }) => pods);
      workloads.push(...made);
    }
    this.released = before;
    tests(this, system, before);
    dumpJobs(this, system);
    streamJobs(this, system);
    runDatabaseExporters(this, system);
    systemRules(this, "alerts", args);
    for (const catcher of mailCatchers(args.spec, args.settings)) runMailCatcher(this, catcher, system);
    this.addresses = Object.values(system.namespaces).flatMap(
      ({ namespace }) => this.exposure(namespace, workloads, args) ?? [],
    );
    this.syslog(workloads, args);
    this.registerOutputs();
  }

  /** Binds the pods that receive syslog messages to the load balancer's target groups. */
  private syslog(made: readonly Workload[], { spec, syslog }: SystemArgs): void {
    if (syslog === undefined) return;
    for (const { name: workload, namespace, listen } of Object.values<WorkloadSpec>(spec.workloads)) {
      if (listen?.syslog === undefined) continue;
      const pods = made.flatMap((each) => (each.workloadName === workload ? [each.pods] : []));
      for (const [kind, targetGroupArn] of Object.entries(syslog.targetGroupArns))
        targetBinding(this, `syslog-${kind}`, {
          metadata: { name: `${workload}-syslog-${kind}`, namespace },
          service: listen.service,
          port: syslogPort,
          targetGroupArn,
          waitsFor: pods,
        });
    }
  }

  /** One workload, which is updated after the resources in `before`. */
  private workload(
    key: string,
    spec: WorkloadSpec,
    args: SystemArgs & SystemInCluster,
    before: readonly pulumi.Resource[],
  ): Workload {
    const settings = args.settings.workloads[key];
    const home = args.namespaces[spec.namespace];
    if (settings === undefined || home === undefined)
      throw new Error(`${spec.name}: no settings or namespace`);
    const association = args.associations[key];
    const certificates = verifiesDatabase(spec, args.stores) ? home.trust : undefined;
    const readsSecret = Object.values(spec.env).some((source) => "key" in source);
    const callsTls = callsOverTls(args.spec, spec);
    const waitsFor = [
      association,
      certificates?.resource,
      callsTls ? home.serviceAuthority : undefined,
      ...storesOf(spec).flatMap((store) => args.stores[store]?.ready ?? []),
      ...before,
    ].filter((resource) => resource !== undefined);
    const reach = reachOf(args.spec, key, spec, args.stores, {
      identity: association !== undefined,
      networks: args.settings.networks,
      syslog: args.settings.syslog,
      operators: args.operators,
    });
    return new Workload(
      this.child(key),
      {
        system: args.spec.name,
        spec,
        settings,
        image: imageReference(settings.image, args),
        namespace: home.namespace.resource,
        secret: readsSecret ? home.secret : undefined,
        variables: [
          ...variables(args.spec, spec, args.settings, args.stores),
          ...(args.traced ? traceVariables(args.spec.name, spec) : []),
        ],
        reach: withTestPods(args.traced ? withCollector(reach, spec) : reach, args.spec, spec, args.settings),
        addresses: args.addresses,
        waitsFor,
        trust: certificates,
        scaling: scalingSources(args.spec, spec, settings, { ...args, region: args.context.region }),
        operators: args.operators,
        authorities: [
          ...storesOf(spec).flatMap((store) => args.stores[store]?.authority ?? []),
          ...(callsTls ? [serviceAuthority] : []),
        ],
        prometheus: args.prometheus,
      },
      this.inside,
    );
  }

  private exposure(
    { namespaceName, resource }: Namespace,
    made: readonly Workload[],
    args: SystemArgs,
  ): pulumi.Output<string> | undefined {
    const workloads = Object.values(args.spec.workloads).filter(
      (workload) => workload.namespace === namespaceName,
    );
    if (!workloads.some(({ exposure }) => exposure !== undefined)) return undefined;
    const { certificates, loadBalancer, cdn, failover, zones, settings, spec } = args;
    return new Exposure(
      this.child("edge", namespaceName),
      {
        system: spec.name,
        namespaceName,
        namespace: resource,
        workloads,
        releases: releasesOf(spec, settings),
        services: made
          .filter(({ namespaceName: of }) => of === namespaceName)
          .flatMap(({ sideServices }) => sideServices),
        hosts: settings.hosts,
        certificates,
        zones,
        loadBalancer,
        cdn,
        failover,
      },
      this.inside,
    ).address;
  }
}
