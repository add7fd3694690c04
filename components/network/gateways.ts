import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { NetworkSettings } from "../../config";
import { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";
import { gated } from "../base/gated";
import { required } from "../base/required";
import type { Outbound } from "./nat-egress";
import { NatInstance } from "./nat-instance";
import type { SubnetTier } from "./subnets";

export interface GatewaysArgs {
  readonly context: Context;
  readonly keys: Pick<KeyArns, "cluster">;
  readonly vpcId: pulumi.Input<string>;
  readonly settings: Pick<NetworkSettings, "cidr" | "nat" | "zones">;
  /** What a NAT instance forwards. */
  readonly outbound: readonly Outbound[];
  readonly public: SubnetTier;
  readonly private: SubnetTier;
}

const everywhere = "0.0.0.0/0";

/** Egress: an internet gateway for the public subnets, NAT gateways or a NAT instance for the private ones. */
export class Gateways extends Component {
  /** The public subnets, known once they have a route to the internet. */
  readonly publicSubnetIds: readonly pulumi.Output<string>[];
  /** The private subnets, known once they have a route through NAT. */
  readonly privateSubnetIds: readonly pulumi.Output<string>[];
  /** NAT gateways by zone. */
  readonly natIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** The NAT instance; undefined: there are NAT gateways. */
  readonly natInstanceId: pulumi.Output<string> | undefined;

  constructor(name: string, args: GatewaysArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:network:Gateways", name, opts);
    const internet = new aws.ec2.InternetGateway(
      this.child("internet"),
      { vpcId: args.vpcId, tags: { Name: args.context.prefix } },
      this.inside,
    );
    const publicRoutes = args.public.routeTableIds.map((routeTableId, index) =>
      this.route(["public", index], { routeTableId, gatewayId: internet.id }),
    );
    this.publicSubnetIds = args.public.subnets.map(({ id, associationId }) =>
      gated(id, [...publicRoutes, associationId]),
    );
    const instance = args.settings.nat === "instance" ? this.natInstance(args) : undefined;
    const nats: Record<string, pulumi.Output<string>> = {};
    this.privateSubnetIds = args.private.subnets.map(({ zone, id, routeTableId, associationId }) => {
      const [home = zone] = args.settings.nat === "gateway" ? args.settings.zones : [zone];
      const way =
        instance === undefined
          ? { natGatewayId: (nats[home] ??= this.nat(args, home, internet)) }
          : { networkInterfaceId: instance.interfaceId };
      const route = this.route(["private", zone], { routeTableId, ...way }, instance?.address);
      return gated(id, [route, associationId]);
    });
    this.natIds = nats;
    this.natInstanceId = instance?.id;
    this.registerOutputs();
  }

  private route(
    key: (string | number)[],
    way: Omit<aws.ec2.RouteArgs, "destinationCidrBlock">,
    after?: pulumi.Resource,
  ): pulumi.Output<string> {
    return new aws.ec2.Route(
      this.child(...key),
      { ...way, destinationCidrBlock: everywhere },
      { ...this.inside, ...(after === undefined ? {} : { dependsOn: [after] }) },
    ).id;
  }

  /** In the first zone's public subnet. */
  private natInstance({ context, keys, vpcId, settings, ...tiers }: GatewaysArgs): NatInstance {
    return new NatInstance(
      this.child("instance"),
      {
        context,
        keys,
        vpcId,
        vpcCidr: settings.cidr,
        subnetId: required(this.publicSubnetIds[0], "public subnet"),
        sources: tiers.private.subnets,
        outbound: tiers.outbound,
      },
      this.inside,
    );
  }

  private nat(args: GatewaysArgs, zone: string, internet: aws.ec2.InternetGateway): pulumi.Output<string> {
    const tags = { Name: `${args.context.prefix}-${zone}` };
    const address = new aws.ec2.Eip(this.child("address", zone), { domain: "vpc", tags }, this.inside);
    return new aws.ec2.NatGateway(
      this.child("nat", zone),
      { allocationId: address.id, subnetId: args.public.in(zone).id, tags },
      // AWS refuses a public NAT gateway in a VPC without an attached internet gateway, and no argument expresses that.
      { ...this.inside, dependsOn: [internet] },
    ).id;
  }
}
