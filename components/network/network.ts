import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { NetworkSettings } from "../../config";
import { Component } from "../component";
import type { Context, KeyArns } from "../context";
import { Endpoints } from "./endpoints";
import { FlowLogs } from "./flow-logs";
import { Gateways } from "./gateways";
import { planSubnets, type ZonePlan } from "./plan";
import { SecurityGroups } from "./security-groups";
import { SubnetTier } from "./subnets";

export interface NetworkArgs {
  readonly context: Context;
  readonly settings: NetworkSettings;
  /** Physical name of the cluster that will live here. */
  readonly clusterName: string;
  readonly keys: KeyArns;
  /** Port of each data store that some workload refers to, by the store's key: `{ "ams-postgres": 5432 }`. */
  readonly dataPorts: Readonly<Record<string, number>>;
  /** Keys of the data stores whose logins a function rotates. Default: none. */
  readonly rotated?: readonly string[];
}

type Tier = "public" | "private" | "isolated";

/**
 * The VPC of one region: public subnets for load balancers, private ones for nodes, isolated ones for data, over
 * every zone of the settings.
 */
export class Network extends Component {
  /** Range of the VPC. */
  readonly cidr: string;
  readonly vpcId: pulumi.Output<string>;
  /** Known once the internet is reachable from them. One a zone, as all lists here. */
  readonly publicSubnetIds: readonly pulumi.Output<string>[];
  /** Known at once: for what needs addresses and no way out, such as the cluster's control plane. */
  readonly privateSubnetIds: readonly pulumi.Output<string>[];
  /** The private subnets, known once their NAT routes exist: nodes pull images from their first second. */
  readonly nodeSubnetIds: readonly pulumi.Output<string>[];
  readonly isolatedSubnetIds: readonly pulumi.Output<string>[];
  readonly publicCidrs: readonly string[];
  readonly privateCidrs: readonly string[];
  readonly isolatedCidrs: readonly string[];
  readonly nodeSecurityGroupId: pulumi.Output<string>;
  /** By the keys of `dataPorts`. */
  readonly dataSecurityGroupIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** Groups of the functions that rotate logins, by the keys of `rotated`. */
  readonly rotationSecurityGroupIds: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: NetworkArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:network:Network", name, opts);
    const { context, settings, keys } = args;
    const label = context.prefix;
    const plan = planSubnets(settings.cidr, settings.zones);

    const vpcId = this.vpc(settings.cidr, label);
    const tier = (kind: Tier, routeTables: "shared" | "per-zone", tags: Record<string, string> = {}) =>
      this.tier(kind, { vpcId, label: `${label}-${kind}`, blocks: blocks(plan, kind), tags, routeTables });
    const publicTier = tier("public", "shared", loadBalancerTags(args.clusterName, "elb"));
    const privateTier = tier("private", "per-zone", loadBalancerTags(args.clusterName, "internal-elb"));
    const isolatedTier = tier("isolated", "shared");
    const gateways = new Gateways(
      this.child("gateways"),
      {
        vpcId,
        label,
        zones: settings.zones,
        natGateways: settings.natGateways,
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
    this.isolatedSubnetIds = isolatedTier.subnets.map(({ id }) => id);
    this.publicCidrs = plan.map((zone) => zone.public);
    this.privateCidrs = plan.map((zone) => zone.private);
    this.isolatedCidrs = plan.map((zone) => zone.isolated);
    this.nodeSecurityGroupId = groups.nodeGroupId;
    this.dataSecurityGroupIds = groups.dataGroupIds;
    this.rotationSecurityGroupIds = groups.rotationGroupIds;
    this.registerOutputs();
  }

  private vpc(cidr: string, label: string): pulumi.Output<string> {
    return new aws.ec2.Vpc(
      this.child("vpc"),
      { cidrBlock: cidr, enableDnsSupport: true, enableDnsHostnames: true, tags: { Name: label } },
      this.inside,
    ).id;
  }

  private tier(kind: Tier, args: ConstructorParameters<typeof SubnetTier>[1]): SubnetTier {
    return new SubnetTier(this.child(kind), args, this.inside);
  }
}

const blocks = (plan: readonly ZonePlan[], kind: Tier) =>
  plan.map((zone) => ({ zone: zone.zone, cidr: zone[kind] }));

/**
 * Tags by which EKS finds the subnets for its load balancers: without the role there are none, and the cluster's
 * name keeps another cluster's off. Source: EKS user guide, tag subnets for EKS Auto Mode.
 */
const loadBalancerTags = (clusterName: string, role: "elb" | "internal-elb") => ({
  [`kubernetes.io/role/${role}`]: "1",
  [`kubernetes.io/cluster/${clusterName}`]: "shared",
});
