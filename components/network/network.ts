import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { NetworkSettings } from "../../config";
import { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";
import { required } from "../base/required";
import type { DataNetwork } from "./data-network";
import { Endpoints } from "./endpoints";
import { FlowLogs } from "./flow-logs";
import { Gateways } from "./gateways";
import type { Outbound } from "./nat-egress";
import { dataSubnet, planSubnets, type ZonePlan } from "./plan";
import { SecurityGroups } from "./security-groups";
import { SubnetTier, type SubnetTierArgs } from "./subnets";

export interface NetworkArgs {
  readonly context: Context;
  readonly settings: NetworkSettings;
  /** Physical name of the cluster in this network. */
  readonly clusterName: string;
  readonly keys: Pick<KeyArns, "cluster" | "logs">;
  /** Port of each data store that some workload refers to, by the store's key: `{ "ams-postgres": 5432 }`. */
  readonly dataPorts: Readonly<Record<string, number>>;
  /** Keys of the data stores whose logins a function rotates. Default: none. */
  readonly rotated?: readonly string[];
  /** Keys of the data stores that CloudShell VPC environments may connect to. Default: they have no security group. */
  readonly shell?: readonly string[] | undefined;
  /** What a NAT instance forwards. Default: nothing. */
  readonly outbound?: readonly Outbound[];
  /** Systems that have data stores: each gets its own isolated subnets, at its slot in the settings. */
  readonly dataSystems: readonly string[];
}

/** Isolated subnets of one system, one per zone, only for its data stores. */
export interface DataSubnets {
  readonly ids: readonly pulumi.Output<string>[];
  readonly cidrs: readonly string[];
}

type Tier = "public" | "private" | "isolated";

/**
 * The VPC of one region: public subnets for load balancers, private ones for nodes, isolated ones for the data of each
 * system, in every configured zone.
 */
export class Network extends Component {
  /** CIDR range of the VPC. */
  readonly cidr: string;
  readonly vpcId: pulumi.Output<string>;
  /** Known once they have a route to the internet. One per zone, like all lists here. */
  readonly publicSubnetIds: readonly pulumi.Output<string>[];
  /** Known at once: for resources that need addresses but no egress, such as the cluster's control plane. */
  readonly privateSubnetIds: readonly pulumi.Output<string>[];
  /** The private subnets, known once their NAT routes exist: nodes pull images as soon as they start. */
  readonly nodeSubnetIds: readonly pulumi.Output<string>[];
  /** By system: those of `dataSystems`. */
  readonly dataSubnets: Readonly<Record<string, DataSubnets>>;
  /** NAT gateways by zone. */
  readonly natIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** The NAT instance; undefined: there are NAT gateways. */
  readonly natInstanceId: pulumi.Output<string> | undefined;
  readonly publicCidrs: readonly string[];
  readonly privateCidrs: readonly string[];
  readonly nodeSecurityGroupId: pulumi.Output<string>;
  /** Group of CloudShell VPC environments; undefined: there is none. */
  readonly shellSecurityGroupId: pulumi.Output<string> | undefined;
  private readonly groups: SecurityGroups;
  private readonly zones: readonly string[];

  constructor(name: string, args: NetworkArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:network:Network", name, opts);
    const { context, settings, keys } = args;
    const label = context.prefix;
    const plan = planSubnets(settings.cidr, settings.zones);

    const vpcId = this.vpc(settings.cidr, label);
    const tier = (kind: Tier, more: Pick<SubnetTierArgs, "blocks" | "routeTables" | "tags">) =>
      new SubnetTier(this.child(kind), { vpcId, label: `${label}-${kind}`, ...more }, this.inside);
    const publicTier = tier("public", {
      blocks: plan.map((zone) => ({ zone: zone.zone, cidr: zone.public })),
      routeTables: "shared",
      tags: loadBalancerTags(args.clusterName, "elb"),
    });
    const privateTier = tier("private", {
      blocks: plan.map((zone) => ({ zone: zone.zone, cidr: zone.private })),
      routeTables: "per-zone",
      tags: loadBalancerTags(args.clusterName, "internal-elb"),
    });
    const blocks = args.dataSystems.flatMap((system) => dataBlocks(plan, system, settings.dataSlots[system]));
    const isolatedTier = tier("isolated", { blocks, routeTables: "shared", tags: {} });
    const gateways = new Gateways(
      this.child("gateways"),
      {
        context,
        keys,
        vpcId,
        settings,
        outbound: args.outbound ?? [],
        public: publicTier,
        private: privateTier,
      },
      this.inside,
    );
    const groups = new SecurityGroups(
      this.child("groups"),
      {
        vpcId,
        label,
        dataPorts: args.dataPorts,
        rotated: args.rotated ?? [],
        shell: args.shell,
        secretsManagerCidr: settings.interfaceEndpoints.includes("secretsmanager")
          ? settings.cidr
          : "0.0.0.0/0",
      },
      this.inside,
    );
    new FlowLogs(this.child("flows"), { context, keys, vpcId, days: settings.flowLogDays }, this.inside);
    new Endpoints(
      this.child("endpoints"),
      {
        context,
        vpcId,
        vpcCidr: settings.cidr,
        subnetIds: privateTier.subnets.map(({ id }) => id),
        routeTableIds: [...privateTier.routeTableIds, ...isolatedTier.routeTableIds],
        services: settings.interfaceEndpoints,
      },
      this.inside,
    );

    this.cidr = settings.cidr;
    this.vpcId = vpcId;
    this.publicSubnetIds = gateways.publicSubnetIds;
    this.privateSubnetIds = privateTier.subnets.map(({ id }) => id);
    this.nodeSubnetIds = gateways.privateSubnetIds;
    this.dataSubnets = Object.fromEntries(
      args.dataSystems.map((system) => {
        const own = isolatedTier.subnets.filter(({ owner }) => owner === system);
        return [system, { ids: own.map(({ id }) => id), cidrs: own.map(({ cidr }) => cidr) }];
      }),
    );
    this.natIds = gateways.natIds;
    this.natInstanceId = gateways.natInstanceId;
    this.publicCidrs = plan.map((zone) => zone.public);
    this.privateCidrs = plan.map((zone) => zone.private);
    this.nodeSecurityGroupId = groups.nodeGroupId;
    this.groups = groups;
    this.shellSecurityGroupId = groups.shellGroupId;
    this.zones = settings.zones;
    this.registerOutputs();
  }

  /** The network of a system's stores. */
  dataNetwork(system: string): DataNetwork {
    const { vpcId, zones, nodeSecurityGroupId, groups } = this;
    const subnetIds = this.dataSubnets[system]?.ids ?? [];
    return {
      functionSubnetIds: this.nodeSubnetIds,
      store: (key) => ({
        vpcId,
        subnetIds,
        zones,
        nodeSecurityGroupId,
        securityGroupId: required(
          groups.dataGroupIds[`${system}-${key}`],
          `security group of ${system}-${key}`,
        ),
        rotationSecurityGroupId: groups.rotationGroupIds[`${system}-${key}`],
      }),
    };
  }

  private vpc(cidr: string, label: string): pulumi.Output<string> {
    return new aws.ec2.Vpc(
      this.child("vpc"),
      { cidrBlock: cidr, enableDnsSupport: true, enableDnsHostnames: true, tags: { Name: label } },
      this.inside,
    ).id;
  }
}

function dataBlocks(plan: readonly ZonePlan[], system: string, slot: number | undefined) {
  if (slot === undefined) throw new Error(`${system} has data stores but no slot in dataSlots`);
  return plan.map((zone) => ({ zone: zone.zone, cidr: dataSubnet(zone, slot), owner: system }));
}

/**
 * Tags by which EKS finds the subnets for its load balancers. Without the role tag it finds none; the tag with the
 * cluster's name excludes other clusters. Source: EKS user guide, tag subnets for EKS Auto Mode.
 */
const loadBalancerTags = (clusterName: string, role: "elb" | "internal-elb") => ({
  [`kubernetes.io/role/${role}`]: "1",
  [`kubernetes.io/cluster/${clusterName}`]: "shared",
});
