import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../config";
import type { Catalog } from "../../systems/spec";
import { Cluster } from "../cluster/cluster";
import { Platform } from "../cluster/platform";
import { Component } from "../base/component";
import type { KeyArns } from "../base/context";
import type { Cdn } from "../edge/cdn";
import { edgeInRegion } from "./edge";
import type { Failover } from "../edge/failover";
import { configurationInRegion } from "./configuration";
import { physicalName } from "../base/naming";
import type { Network } from "../network/network";
import { gameDaysInRegion } from "./game-days";
import { heartbeat } from "../observability/heartbeat";
import type { AccessLogs } from "../storage/access-logs";
import { operatorReach, scaledQueues } from "../system/operator-reach";
import { configuredSystems, type ConfiguredSystem } from "./configured-systems";
import { historyInRegion } from "./history";
import { dashboardsOf, pagesInRegion, routesOf, signOnOf } from "./pages";
import { regionBase } from "./base";
import type { Copies, RegionBase, RegionResources, SharedSystem } from "./resources";
import { regionAlarms } from "./alarms";
import { regionBackups } from "./backups";
import { regionSecrets } from "./secrets";
import { systemInRegion, type SystemInRegion } from "./system";
import { reachWithTelemetry, telemetryInRegion } from "./telemetry";

export interface RegionArgs {
  readonly settings: Settings;
  readonly catalog: Catalog;
  /** The CDN in front of the load balancer. Default: none. */
  readonly cdn?: Cdn | undefined;
  /** The second region, which holds copies. Default: none. */
  readonly copies?: Copies | undefined;
  /** Existing network, keys and topic. Default: the region creates them. */
  readonly base?: RegionBase;
  /** Systems whose database is written in another region. Default: none. */
  readonly passive?: readonly string[];
  /** Systems with copies of another region's data, by name. Default: none. */
  readonly shares?: Readonly<Record<string, SharedSystem>>;
  /** What routes clients to the region that serves. Default: there is no other region. */
  readonly failover?: Failover | undefined;
}

/**
 * Everything of one region: keys, network, cluster, and the systems with their stores.
 *
 * Give it the region's AWS provider and the random provider. Resources that need only AWS stay outside the components
 * that use the cluster's provider: those components and their children are registered only once the cluster exists.
 */
export class Region extends Component {
  readonly cluster: Cluster;
  readonly alarmTopicArn: pulumi.Output<string>;
  readonly keys: KeyArns;
  readonly systems: Readonly<Record<string, SystemInRegion>>;
  readonly network: Network;
  readonly accessLogs: AccessLogs;

  constructor(name: string, args: RegionArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:region:Region", name, opts);
    const { settings, catalog, copies } = args;
    const systems = configuredSystems(settings, catalog);
    const base = args.base ?? regionBase(this, systems, args);
    const shared = this.shared(base, systems, args);
    const bySystem = Object.fromEntries(
      systems.map((system) => [system.spec.name, systemInRegion(this, system, shared)] as const),
    );
    const made = Object.values(bySystem);
    pagesInRegion(this, shared, telemetryInRegion(this, systems, shared));
    const recoverable = Object.fromEntries(made.flatMap((one) => Object.entries(one.recoverable)));
    configurationInRegion(this, shared);
    regionBackups(this, { systems, recoverable, copies: copies?.vault, ...shared });
    regionSecrets(this, systems, shared);
    const addresses = made.flatMap(({ addresses: own }) => own);
    const balancerAlarms = regionAlarms(this, systems, addresses, shared);
    gameDaysInRegion(this, { systems, recoverable, balancerAlarms, ...shared });
    this.cluster = shared.cluster;
    this.alarmTopicArn = shared.alarms.arn;
    this.keys = shared.keys;
    this.network = shared.network;
    this.accessLogs = shared.accessLogs;
    this.systems = bySystem;
    this.registerOutputs();
  }

  private shared(
    base: RegionBase,
    systems: readonly ConfiguredSystem[],
    { settings, cdn, passive = [], shares = {}, failover }: RegionArgs,
  ): RegionResources {
    const { context, keys, network, alarms } = base;
    const clusterName = physicalName("cluster", context.prefix);
    if (settings.cluster.operators.prometheus !== undefined)
      heartbeat(this, "heartbeat", { context, keys, alarmTopicArn: alarms.arn });
    const { cidr, serviceCidr, zones } = settings.network;
    const history = historyInRegion(this, settings, { context, keys });
    const cluster = new Cluster(
      this.child("cluster"),
      {
        context,
        settings: settings.cluster,
        name: clusterName,
        network,
        keys,
        serviceCidr,
        scaledQueues: scaledQueues(systems, context),
        mirrors: settings.imageMirrors,
        historyArn: history?.arn,
      },
      this.inside,
    );
    const signOn = signOnOf(this, settings, { context, keys, cluster });
    const platform = new Platform(
      this.child("platform"),
      {
        context,
        settings: settings.cluster,
        cluster,
        network,
        keys,
        zones,
        schedule: settings.costs.schedule,
        reach: reachWithTelemetry(operatorReach(systems), settings),
        scratch: settings.backups.dumps !== undefined || settings.backups.streams !== undefined,
        mirrors: settings.imageMirrors,
        signOn,
        routes: routesOf(this, settings, { context, keys, cluster }),
        dashboards: dashboardsOf(systems, settings),
        history,
      },
      this.inCluster(cluster),
    );
    const edge = edgeInRegion(this, { systems, settings, cdn, failover, ...base }, this.inCluster(cluster));
    const { publicCidrs, privateCidrs } = network;
    const addresses = { vpcCidr: cidr, serviceCidr, publicCidrs, privateCidrs };
    return {
      ...base,
      settings,
      cluster,
      platform,
      cdn,
      addresses,
      passive,
      shares,
      failover,
      ...edge,
    };
  }

  private inCluster({ provider }: Cluster): pulumi.ComponentResourceOptions {
    return { ...this.inside, providers: { kubernetes: provider } };
  }
}
