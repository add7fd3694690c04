import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";

export interface SubnetTierArgs {
  readonly vpcId: pulumi.Input<string>;
  /** Prefix of the `Name` tags: what the console shows. */
  readonly label: string;
  readonly blocks: readonly {
    readonly zone: string;
    readonly cidr: string;
    /** Whose subnet it is, where a zone has several. */
    readonly owner?: string;
  }[];
  readonly tags: Readonly<Record<string, string>>;
  /** One route table for the tier, or one a zone where the zones have different routes. */
  readonly routeTables: "shared" | "per-zone";
}

/** A subnet of one zone, and what makes it more than a range of addresses. */
export interface ZoneSubnet {
  readonly zone: string;
  readonly cidr: string;
  readonly owner: string | undefined;
  readonly id: pulumi.Output<string>;
  readonly routeTableId: pulumi.Output<string>;
  /** Until it exists the subnet follows the VPC's main route table, which leads nowhere. */
  readonly associationId: pulumi.Output<string>;
}

/** The subnets of one kind, one a zone or one a zone and owner, with their route tables, which hold no route yet. */
export class SubnetTier extends Component {
  readonly subnets: readonly ZoneSubnet[];
  /** Each table once. */
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

  /** The subnet of a zone. Throws where the tier has none there. */
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
