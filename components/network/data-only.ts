import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";
import { required } from "../base/required";
import type { StoreNetwork } from "./data-network";
import { FlowLogs } from "./flow-logs";
import { dataSubnet, planSubnets } from "./plan";
import { SecurityGroups } from "./security-groups";
import { SubnetTier } from "./subnets";

export interface DataOnlyNetworkArgs {
  readonly context: Context;
  readonly cidr: string;
  readonly zones: readonly string[];
  readonly keys: Pick<KeyArns, "logs">;
  /** Port of each database, by `<system>-<store>`. */
  readonly dataPorts: Readonly<Record<string, number>>;
  /** Slot of each system with databases. */
  readonly dataSlots: Readonly<Record<string, number>>;
  readonly flowLogDays: number;
}

/**
 * A VPC with only the isolated subnets of databases: no egress, no nodes, no costs. Type, names and ranges are those of
 * `Network`, so it can become one without replacing them.
 */
export class DataOnlyNetwork extends Component {
  /** The network of a system's database. */
  readonly store: (system: string, store: string) => StoreNetwork;
  readonly vpcId: pulumi.Output<string>;

  constructor(name: string, args: DataOnlyNetworkArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:network:Network", name, opts);
    const { context, keys, cidr, zones } = args;
    const label = context.prefix;
    const plan = planSubnets(cidr, zones);
    const vpcId = new aws.ec2.Vpc(
      this.child("vpc"),
      { cidrBlock: cidr, enableDnsSupport: true, enableDnsHostnames: true, tags: { Name: label } },
      this.inside,
    ).id;
    const blocks = Object.entries(args.dataSlots).flatMap(([owner, slot]) =>
      plan.map((each) => ({ zone: each.zone, cidr: dataSubnet(each, slot), owner })),
    );
    const tier = new SubnetTier(
      this.child("isolated"),
      { vpcId, label: `${label}-isolated`, blocks, routeTables: "shared", tags: {} },
      this.inside,
    );
    const groups = new SecurityGroups(
      this.child("groups"),
      { vpcId, label, dataPorts: args.dataPorts, rotated: [], secretsManagerCidr: cidr },
      this.inside,
    );
    new FlowLogs(this.child("flows"), { context, keys, vpcId, days: args.flowLogDays }, this.inside);
    this.vpcId = vpcId;
    this.store = (system, store) => ({
      vpcId,
      subnetIds: tier.subnets.filter(({ owner }) => owner === system).map(({ id }) => id),
      zones,
      nodeSecurityGroupId: groups.nodeGroupId,
      securityGroupId: required(
        groups.dataGroupIds[`${system}-${store}`],
        `security group of ${system}-${store}`,
      ),
    });
    this.registerOutputs();
  }
}
