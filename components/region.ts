import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import type { Catalog } from "../systems/spec";
import { Cluster } from "./cluster/cluster";
import { Platform } from "./cluster/platform";
import { Component } from "./base/component";
import type { Context } from "./base/context";
import { Certificates } from "./edge/certificates";
import { LoadBalancer } from "./edge/load-balancer";
import { WebAcl } from "./edge/web-acl";
import { physicalName } from "./base/naming";
import { Network } from "./network/network";
import { AlarmTopic } from "./observability/alarm-topic";
import { certificateAlarms, cloudAlarms, reputationAlarms } from "./observability/cloud-alarms";
import { heartbeat } from "./observability/heartbeat";
import { Keys } from "./security/keys";
import { AccessLogs } from "./storage/access-logs";
import { operatorReach } from "./system/operator-reach";
import { configured } from "./system/configured";
import { regionBackups } from "./region-backups";
import { systemInRegion, type ConfiguredSystem, type RegionResources } from "./system-in-region";
import { dataPorts, rotatedStores } from "./system/wiring";
import { environmentTags } from "./base/tags";

export interface RegionArgs {
  readonly settings: Settings;
  readonly catalog: Catalog;
}

/**
 * Everything of one region: keys, network, cluster, and the systems with their stores.
 *
 * Give it the region's AWS provider and the random provider. What only needs AWS stands outside the components
 * that use the cluster's provider: those are registered when the cluster is there, and their children with them.
 */
export class Region extends Component {
  readonly cluster: Cluster;

  constructor(name: string, { settings, catalog }: RegionArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:region:Region", name, opts);
    const systems = configuredSystems(settings, catalog);
    const shared = this.shared(settings, systems);
    const resourceArns = systems.flatMap((system) => systemInRegion(this, system, shared).recoverable);
    regionBackups(this, { systems, resourceArns, ...shared });
    this.alarms(systems, shared);
    this.cluster = shared.cluster;
    this.registerOutputs();
  }

  private shared(settings: Settings, systems: readonly ConfiguredSystem[]): RegionResources {
    const { account, prefix, protect, disposable, edge } = settings;
    const context: Context = {
      prefix,
      accountId: account.id,
      region: account.region,
      protect,
      disposable,
      serviceLogDays: settings.storage.serviceLogDays,
      tags: environmentTags(settings),
    };
    const clusterName = physicalName("cluster", prefix);
    const keys = new Keys(this.child("keys"), { context }, this.inside);
    const network = new Network(
      this.child("network"),
      {
        context,
        settings: settings.network,
        clusterName,
        keys,
        dataPorts: portsOf(systems),
        dataSystems: systems
          .filter(({ spec }) => Object.keys(dataPorts(spec)).length > 0)
          .map(({ spec }) => spec.name),
        rotated:
          settings.credentials.rotationDays > 0 ? systems.flatMap(({ spec }) => rotatedStores(spec)) : [],
      },
      this.inside,
    );
    const { cidr, serviceCidr, zones } = settings.network;
    const cluster = new Cluster(
      this.child("cluster"),
      {
        context,
        settings: settings.cluster,
        name: clusterName,
        network,
        keys,
        serviceCidr,
        mirrors: settings.imageMirrors,
      },
      this.inside,
    );
    const platform = new Platform(
      this.child("platform"),
      {
        context,
        settings: settings.cluster,
        cluster,
        network,
        keys,
        zones,
        reach: operatorReach(systems),
        scratch: settings.backups.dumps !== undefined,
        mirrors: settings.imageMirrors,
      },
      this.inCluster(cluster),
    );
    const certificates = new Certificates(
      this.child("certificates"),
      {
        hosts: systems.flatMap(({ settings: { hosts, syslog } }) => [
          ...Object.values(hosts),
          ...(syslog === undefined ? [] : [syslog.host]),
        ]),
        zones: edge.zones,
      },
      this.inside,
    );
    const watch = this.watch(settings, context, keys);
    const webAcl = new WebAcl(
      this.child("waf"),
      {
        context,
        settings: edge.waf,
        keys,
        alarmTopicArn: watch.alarms.arn,
        limited: systems.flatMap(({ spec, settings: { hosts, rateLimit: limit } }) =>
          limit === undefined ? [] : [{ system: spec.name, hosts: Object.values(hosts), limit }],
        ),
      },
      this.inside,
    );
    const loadBalancer = new LoadBalancer(
      this.child("edge"),
      {
        context,
        publicSubnetIds: network.publicSubnetIds,
        tlsPolicy: edge.tlsPolicy,
        inboundCidrs: edge.inboundCidrs,
        webAclArn: webAcl.arn,
        idleSeconds: edge.idleSeconds,
        accessLogs: watch.accessLogs,
      },
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
      certificates,
      loadBalancer,
      addresses,
      ...watch,
    };
  }

  /** Where alarms are published and access is logged. */
  private watch(
    settings: Settings,
    context: Context,
    keys: Keys,
  ): Pick<RegionResources, "alarms" | "accessLogs"> {
    const alarms = new AlarmTopic(
      this.child("alarms"),
      { context, settings: settings.alarms, keys },
      this.inside,
    );
    if (settings.cluster.operators.prometheus !== undefined)
      heartbeat(this, "heartbeat", { context, keys, alarmTopicArn: alarms.arn });
    const accessLogs = new AccessLogs(
      this.child("access-logs"),
      { context, days: settings.storage.accessLogDays },
      this.inside,
    );
    return { alarms, accessLogs };
  }

  /** Alarms on what systems share: the public hosts' certificates, and the account's reputation with SES. */
  private alarms(
    systems: readonly ConfiguredSystem[],
    { context, certificates, alarms }: RegionResources,
  ): void {
    const alarmTopicArn = alarms.arn;
    for (const [host, arn] of Object.entries(certificates.arns))
      cloudAlarms(this, `certificate-${host}`, certificateAlarms, {
        label: `${context.prefix}-${host}`,
        namespace: "AWS/CertificateManager",
        dimensions: { CertificateArn: arn },
        alarmTopicArn,
      });
    const sends = systems.some(({ settings }) =>
      Object.values(settings.stores.mail).some(({ kind }) => kind === "ses"),
    );
    if (!sends) return;
    cloudAlarms(this, "reputation", reputationAlarms, {
      label: `${context.prefix}-mail`,
      namespace: "AWS/SES",
      dimensions: {},
      alarmTopicArn,
    });
  }

  private inCluster({ provider }: Cluster): pulumi.ComponentResourceOptions {
    return { ...this.inside, providers: { kubernetes: provider } };
  }
}

/** The systems that the stack file names, in the catalog's order. */
function configuredSystems(settings: Settings, catalog: Catalog): ConfiguredSystem[] {
  return Object.entries(catalog).flatMap(([name, spec]) => {
    const amounts = settings.systems[name];
    return amounts === undefined ? [] : [{ spec: configured(spec, amounts), settings: amounts }];
  });
}

const portsOf = (systems: readonly ConfiguredSystem[]): Record<string, number> =>
  Object.fromEntries(systems.flatMap(({ spec }) => Object.entries(dataPorts(spec))));
