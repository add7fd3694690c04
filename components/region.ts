import type * as pulumi from "@pulumi/pulumi";
import { copiesTo, platformSlot, type Settings } from "../config";
import type { Catalog } from "../systems/spec";
import { Cluster } from "./cluster/cluster";
import { Platform } from "./cluster/platform";
import { Component } from "./base/component";
import { contextOf, type Context, type KeyArns } from "./base/context";
import type { Cdn } from "./edge/cdn";
import { edgeInRegion } from "./edge-in-region";
import type { Failover } from "./edge/failover";
import { configurationInRegion } from "./configuration-in-region";
import { physicalName } from "./base/naming";
import type { Recoverable } from "./base/store";
import { outboundOf } from "./network/nat-egress";
import { Network } from "./network/network";
import { AlarmTopic } from "./observability/alarm-topic";
import { copyEventsRule, databaseEvents, databaseEventsRule, eventAlarm } from "./observability/event-alarm";
import { gameDaysInRegion } from "./game-days-in-region";
import { heartbeat } from "./observability/heartbeat";
import { Keys } from "./security/keys";
import { AccessLogs } from "./storage/access-logs";
import { restoreTestsRule } from "./storage/restore-tests";
import { operatorReach, scaledQueues } from "./system/operator-reach";
import { configuredSystems } from "./configured-systems";
import { historyInRegion } from "./history-in-region";
import { dashboardsOf, pagesInRegion, routesOf, signOnOf } from "./pages-in-region";
import { regionAlarms } from "./region-alarms";
import { regionBackups } from "./region-backups";
import { regionSecrets } from "./region-secrets";
import type { Copies } from "./standby";
import {
  systemInRegion,
  type ConfiguredSystem,
  type RegionResources,
  type SharedSystem,
  type SystemInRegion,
} from "./system-in-region";
import { reachWithTelemetry, searchPorts, telemetryInRegion } from "./telemetry-in-region";
import { dataPorts, rotatedStores } from "./system/wiring";

export interface RegionArgs {
  readonly settings: Settings;
  readonly catalog: Catalog;
  /** What stands in front of the load balancer. Default: nothing. */
  readonly cdn?: Cdn | undefined;
  /** The second region, which holds copies. Default: none. */
  readonly copies?: Copies | undefined;
  /** What is there already. Default: the region makes it. */
  readonly base?: RegionBase;
  /** Systems whose database another region writes. Default: none. */
  readonly passive?: readonly string[];
  /** Systems with copies of another region's data, by name. Default: none. */
  readonly shares?: Readonly<Record<string, SharedSystem>>;
  /** What leads clients to the region that serves. Default: there is no other. */
  readonly failover?: Failover | undefined;
}

/** What a region is built on. */
export type RegionBase = Pick<RegionResources, "context" | "keys" | "network" | "alarms" | "accessLogs">;

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
    const base = args.base ?? this.base(settings, systems, args);
    const shared = this.shared(base, systems, args);
    const bySystem = Object.fromEntries(
      systems.map((system) => [system.spec.name, systemInRegion(this, system, shared)] as const),
    );
    const made = Object.values(bySystem);
    pagesInRegion(this, shared, telemetryInRegion(this, systems, shared));
    const recoverable = Object.assign({}, ...made.map((one) => one.recoverable)) as Record<
      string,
      Recoverable
    >;
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

  /** Keys, network, the topic for alarms and the bucket for access logs. */
  private base(
    settings: Settings,
    systems: readonly ConfiguredSystem[],
    { cdn, copies }: Pick<RegionArgs, "cdn" | "copies">,
  ): RegionBase {
    const context: Context = { ...contextOf(settings), secretCopies: copies?.secrets };
    const searches = settings.logs?.store === "opensearch";
    const copied = copies?.vault !== undefined || settings.backups.vault?.copyTo !== undefined;
    const keys = new Keys(this.child("keys"), { context, copiesTo: copiesTo(settings.backups) }, this.inside);
    const network = new Network(
      this.child("network"),
      {
        context,
        settings: settings.network,
        clusterName: physicalName("cluster", context.prefix),
        keys,
        dataPorts: { ...portsOf(systems), ...searchPorts(settings) },
        outbound: outboundOf(settings),
        dataSystems: [
          ...systems
            .filter(({ spec }) => Object.keys(dataPorts(spec)).length > 0)
            .map(({ spec }) => spec.name),
          ...(searches ? [platformSlot] : []),
        ],
        rotated:
          settings.credentials.rotationDays > 0 ? systems.flatMap(({ spec }) => rotatedStores(spec)) : [],
        shell: settings.network.shellAccess ? systems.flatMap(({ spec }) => rotatedStores(spec)) : undefined,
      },
      this.inside,
    );
    return {
      context,
      keys,
      network,
      ...this.watch(settings, context, keys, cdn !== undefined, copied),
    };
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
        ...(signOn && { signOn }),
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

  /** The topic for alarms and the bucket for access logs. */
  private watch(
    settings: Settings,
    context: Context,
    keys: Keys,
    cdn: boolean,
    copied: boolean,
  ): Pick<RegionResources, "alarms" | "accessLogs"> {
    const alarms = new AlarmTopic(
      this.child("alarms"),
      {
        context,
        settings: settings.alarms,
        keys,
        rules: [
          databaseEventsRule(context.prefix),
          ...(settings.backups.vault?.restoreTests === undefined ? [] : [restoreTestsRule(context.prefix)]),
          ...(copied ? [copyEventsRule(context.prefix)] : []),
        ],
      },
      this.inside,
    );
    eventAlarm(this, "database-events", { ...databaseEvents(context.prefix), alarmTopicArn: alarms.arn });
    const accessLogs = new AccessLogs(
      this.child("access-logs"),
      { context, days: settings.storage.accessLogDays, cdn },
      this.inside,
    );
    return { alarms, accessLogs };
  }

  private inCluster({ provider }: Cluster): pulumi.ComponentResourceOptions {
    return { ...this.inside, providers: { kubernetes: provider } };
  }
}

const portsOf = (systems: readonly ConfiguredSystem[]): Record<string, number> =>
  Object.fromEntries(systems.flatMap(({ spec }) => Object.entries(dataPorts(spec))));
