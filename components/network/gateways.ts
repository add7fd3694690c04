import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { NetworkSettings } from "../../config";
import { Component } from "../base/component";
import { gated } from "../base/gated";
import type { SubnetTier } from "./subnets";

export interface GatewaysArgs {
  readonly vpcId: pulumi.Input<string>;
  /** Prefix of the `Name` tags. */
  readonly label: string;
  readonly zones: readonly string[];
  readonly natGateways: NetworkSettings["natGateways"];
  readonly public: SubnetTier;
  readonly private: SubnetTier;
}

const everywhere = "0.0.0.0/0";

/** Egress: an internet gateway for the public subnets, NAT gateways for the private ones. */
export class Gateways extends Component {
  /** The public subnets, known once they have a route to the internet. */
  readonly publicSubnetIds: readonly pulumi.Output<string>[];
  /** The private subnets, known once they have a route through NAT. */
  readonly privateSubnetIds: readonly pulumi.Output<string>[];
  /** NAT gateways by zone. */
  readonly natIds: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: GatewaysArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:network:Gateways", name, opts);
    const internet = new aws.ec2.InternetGateway(
      this.child("internet"),
      { vpcId: args.vpcId, tags: { Name: args.label } },
      this.inside,
    );
    const publicRoutes = args.public.routeTableIds.map((routeTableId, index) =>
      this.route(["public", index], { routeTableId, gatewayId: internet.id }),
    );
    this.publicSubnetIds = args.public.subnets.map(({ id, associationId }) =>
      gated(id, [...publicRoutes, associationId]),
    );
    const nats: Record<string, pulumi.Output<string>> = {};
    this.privateSubnetIds = args.private.subnets.map(({ zone, id, routeTableId, associationId }) => {
      const [home = zone] = args.natGateways === "single" ? args.zones : [zone];
      const natGatewayId = (nats[home] ??= this.nat(args, home, internet));
      return gated(id, [this.route(["private", zone], { routeTableId, natGatewayId }), associationId]);
    });
    this.natIds = nats;
    this.registerOutputs();
  }

  private route(key: (string | number)[], way: Omit<aws.ec2.RouteArgs, "destinationCidrBlock">) {
    return new aws.ec2.Route(this.child(...key), { ...way, destinationCidrBlock: everywhere }, this.inside)
      .id;
  }

  private nat(args: GatewaysArgs, zone: string, internet: aws.ec2.InternetGateway): pulumi.Output<string> {
    const tags = { Name: `${args.label}-${zone}` };
    const address = new aws.ec2.Eip(this.child("address", zone), { domain: "vpc", tags }, this.inside);
    return new aws.ec2.NatGateway(
      this.child("nat", zone),
      { allocationId: address.id, subnetId: args.public.in(zone).id, tags },
      // AWS refuses a public NAT gateway in a VPC without an attached internet gateway, and no argument expresses that.
      { ...this.inside, dependsOn: [internet] },
    ).id;
  }
}
