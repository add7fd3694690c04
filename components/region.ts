import type * as pulumi from "@pulumi/pulumi";
import type { Settings, SystemSettings } from "../config";
import type { Catalog, SystemSpec } from "../systems/spec";
import { Cluster } from "./cluster/cluster";
import { Platform } from "./cluster/platform";
import { Component } from "./component";
import type { Context } from "./context";
import { Certificates } from "./edge/certificates";
import { LoadBalancer } from "./edge/load-balancer";
import { physicalName } from "./naming";
import { Network } from "./network/network";
import { Keys } from "./security/keys";
import { Access } from "./system/access";
import { Stores } from "./system/stores";
import { System } from "./system/system";
import { dataPorts } from "./system/wiring";
import type { Addresses } from "./workload/network-policy";

export interface RegionArgs {
  readonly settings: Settings;
  readonly catalog: Catalog;
}

interface Chosen {
  readonly name: string;
  readonly spec: SystemSpec;
  readonly settings: SystemSettings;
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
    const systems = chosen(settings, catalog);
    const context: Context = {
      prefix: settings.prefix,
      accountId: settings.account.id,
      region: settings.account.region,
      protect: settings.protect,
    };
    const keys = new Keys(this.child("keys"), { context }, this.inside);
    const clusterName = physicalName("cluster", settings.prefix);
    const network = new Network(
      this.child("network"),
      {
        context,
        settings: settings.network,
        clusterName,
        keys,
        dataPorts: Object.assign({}, ...systems.map(({ spec }) => dataPorts(spec))) as Record<string, number>,
      },
      this.inside,
    );
    this.cluster = new Cluster(
      this.child("cluster"),
      {
        context,
        settings: settings.cluster,
        name: clusterName,
        network,
        keys,
        serviceCidr: settings.network.serviceCidr,
      },
      this.inside,
    );
    const inCluster = { ...this.inside, providers: { kubernetes: this.cluster.provider } };
    const platform = new Platform(
      this.child("platform"),
      {
        context,
        settings: settings.cluster,
        cluster: this.cluster,
        network,
        keys,
        zones: settings.network.zones,
      },
      inCluster,
    );
    const certificates = new Certificates(
      this.child("certificates"),
      {
        hosts: systems.flatMap((system) => Object.values(system.settings.hosts)),
        zones: settings.edge.zones,
      },
      this.inside,
    );
    const loadBalancer = new LoadBalancer(
      this.child("edge"),
      { context, publicSubnetIds: network.publicSubnetIds, tlsPolicy: settings.edge.tlsPolicy },
      inCluster,
    );
    const addresses: Addresses = {
      vpcCidr: settings.network.cidr,
      serviceCidr: settings.network.serviceCidr,
      publicCidrs: network.publicCidrs,
      isolatedCidrs: network.isolatedCidrs,
    };
    for (const { name: system, spec, settings: amounts } of systems) {
      const stores = new Stores(
        this.child(system, "stores"),
        {
          context,
          spec,
          settings: amounts,
          zones: settings.edge.zones,
          keys,
          isolatedSubnetIds: network.isolatedSubnetIds,
          securityGroupIds: network.dataSecurityGroupIds,
        },
        this.inside,
      ).outputs;
      const { associations } = new Access(
        this.child(system, "access"),
        { spec, stores, clusterName: this.cluster.ready },
        this.inside,
      );
      new System(
        this.child(system),
        {
          context,
          spec,
          settings: amounts,
          registry: settings.registry,
          kubernetesVersion: settings.cluster.version,
          addresses,
          zones: settings.edge.zones,
          stores,
          associations,
          secretStore: platform.secretStore,
          storageClass: platform.storageClass,
          certificates: certificates.arns,
          loadBalancer,
        },
        inCluster,
      );
    }
    this.registerOutputs();
  }
}

/** The systems that the stack file names, in the catalog's order. */
function chosen(settings: Settings, catalog: Catalog): Chosen[] {
  return Object.entries(catalog).flatMap(([name, spec]) => {
    const amounts = settings.systems[name];
    return amounts === undefined ? [] : [{ name, spec, settings: amounts }];
  });
}
