import type * as pulumi from "@pulumi/pulumi";
import { copiesTo, platformSlot, type Settings } from "../config";
import type { Catalog } from "../systems/spec";
import { Cluster } from "./cluster/cluster";
import { Platform } from "./cluster/platform";
import { Component } from "./base/component";
import { contextOf, type Context } from "./base/context";
import type { Cdn } from "./edge/cdn";
import { edgeInRegion } from "./edge-in-region";
import { configurationInRegion } from "./configuration-in-region";
import { physicalName } from "./base/naming";
import type { Recoverable } from "./base/store";
import { Network } from "./network/network";
import { AlarmTopic } from "./observability/alarm-topic";
import { copyEventsRule, databaseEventsRule } from "./observability/event-alarm";
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
import type { Copies, Originals } from "./standby";
import { systemInRegion, type ConfiguredSystem, type RegionResources } from "./system-in-region";
import { reachWithTelemetry, searchPorts, telemetryInRegion } from "./telemetry-in-region";
import { dataPorts, rotatedStores } from "./system/wiring";

export interface RegionArgs {
  readonly settings: Settings;
  readonly catalog: Catalog;
  /** What stands in front of the load balancer. Default: nothing. */
  readonly cdn?: Cdn | undefined;
  /** The second region, which holds copies. Default: none. */
  readonly copies?: Copies | undefined;
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
  readonly keys: Keys;
  readonly network: Network;
  readonly accessLogs: AccessLogs;
  readonly systems: Originals;

  constructor(
    name: string,
    { settings, catalog, cdn, copies }: RegionArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:region:Region", name, opts);
    const systems = configuredSystems(settings, catalog);
    const shared = this.shared(settings, systems, cdn, copies);
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

  private shared(
    settings: Settings,
    systems: readonly ConfiguredSystem[],
    cdn: Cdn | undefined,
    copies: Copies | undefined,
  ): RegionResources {
    const { prefix } = settings;
    const context: Context = { ...contextOf(settings), secretCopies: copies?.secrets };
    const clusterName = physicalName("cluster", prefix);
    const searches = settings.logs?.store === "opensearch";
    const keys = new Keys(this.child("keys"), { context, copiesTo: copiesTo(settings.backups) }, this.inside);
    const network = new Network(
      this.child("network"),
      {
        context,
        settings: settings.network,
        clusterName,
        keys,
        dataPorts: { ...portsOf(systems), ...searchPorts(settings) },
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
    const copied = copies?.vault !== undefined || settings.backups.vault?.copyTo !== undefined;
    const watch = this.watch(settings, context, keys, cdn !== undefined, copied);
    const edge = edgeInRegion(
      this,
      { systems, settings, cdn, context, keys, network, ...watch },
      this.inCluster(cluster),
    );
    const { publicCidrs, privateCidrs } = network;
    const addresses = { vpcCidr: cidr, serviceCidr, publicCidrs, privateCidrs };
    return {
      context,
      settings,
      keys,
      network,
      cluster,
      platform,
      cdn,
      addresses,
      ...edge,
      ...watch,
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
    if (settings.cluster.operators.prometheus !== undefined)
      heartbeat(this, "heartbeat", { context, keys, alarmTopicArn: alarms.arn });
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
