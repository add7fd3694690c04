import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";

export interface SubnetTierArgs {
  readonly vpcId: pulumi.Input<string>;
  /** Prefix of the `Name` tags, which the console shows. */
  readonly label: string;
  readonly blocks: readonly {
    readonly zone: string;
    readonly cidr: string;
    /** Owner of the subnet, if a zone has several. */
    readonly owner?: string;
  }[];
  readonly tags: Readonly<Record<string, string>>;
  /** One route table for the tier, or one per zone if the zones have different routes. */
  readonly routeTables: "shared" | "per-zone";
}

/** A subnet of one zone, with its route table association. */
export interface ZoneSubnet {
  readonly zone: string;
  readonly cidr: string;
  readonly owner: string | undefined;
  readonly id: pulumi.Output<string>;
  readonly routeTableId: pulumi.Output<string>;
  /** Until it exists, the subnet uses the VPC's main route table, which has no routes out of the VPC. */
  readonly associationId: pulumi.Output<string>;
}

/** The subnets of one kind, one per zone or per zone and owner, with their route tables, which have no routes yet. */
export class SubnetTier extends Component {
  readonly subnets: readonly ZoneSubnet[];
  /** Without duplicates. */
  readonly routeTableIds: readonly pulumi.Output<string>[];

  constructor(name: string, args: SubnetTierArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:network:SubnetTier", name, opts);
    const shared = args.routeTables === "shared" ? this.table(args) : undefined;
    this.subnets = args.blocks.map((block) =>
      this.subnet(args, block, shared ?? this.table(args, block.zone)),
    );
    this.routeTableIds = shared === undefined ? this.subnets.map((each) => each.routeTableId) : [shared];
    this.registerOutputs();
  }

  /** The subnet of a zone. Throws when the tier has none there. */
  in(zone: string): ZoneSubnet {
    const found = this.subnets.find((subnet) => subnet.zone === zone);
    if (found === undefined) throw new Error(`${this.componentName} has no subnet in ${zone}`);
    return found;
  }

  private table({ vpcId, label }: SubnetTierArgs, ...zone: string[]): pulumi.Output<string> {
    return new aws.ec2.RouteTable(
      this.child(...zone, "routes"),
      { vpcId, tags: { Name: [label, ...zone].join("-") } },
      this.inside,
    ).id;
  }

  private subnet(
    { vpcId, label, tags }: SubnetTierArgs,
    { zone, cidr, owner }: SubnetTierArgs["blocks"][number],
    routeTableId: pulumi.Output<string>,
  ): ZoneSubnet {
    const key = owner === undefined ? [zone] : [owner, zone];
    const { id } = new aws.ec2.Subnet(
      this.child(...key),
      {
        vpcId,
        cidrBlock: cidr,
        availabilityZone: zone,
        mapPublicIpOnLaunch: false,
        tags: { ...tags, Name: [label, ...key].join("-") },
      },
      this.inside,
    );
    const association = new aws.ec2.RouteTableAssociation(
      this.child(...key, "association"),
      { subnetId: id, routeTableId },
      this.inside,
    );
    return { zone, cidr, owner, id, routeTableId, associationId: association.id };
  }
}
