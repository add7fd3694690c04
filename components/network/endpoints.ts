import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { NetworkSettings } from "../../config";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import { httpsPort } from "../base/ports";
import { interfacePolicy, s3Policy } from "./endpoint-policies";

export interface EndpointsArgs {
  readonly context: Context;
  readonly vpcId: pulumi.Input<string>;
  readonly vpcCidr: string;
  /** Subnets that hold the interface endpoints: one address per zone. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Route tables that get the routes to S3. */
  readonly routeTableIds: readonly pulumi.Input<string>[];
  readonly services: NetworkSettings["interfaceEndpoints"];
}

/** VPC endpoints: a gateway endpoint for S3, at no charge, and interface endpoints for the configured services. */
export class Endpoints extends Component {
  constructor(name: string, args: EndpointsArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:network:Endpoints", name, opts);
    const { context, vpcId } = args;
    new aws.ec2.VpcEndpoint(
      this.child("s3"),
      {
        vpcId,
        vpcEndpointType: "Gateway",
        serviceName: `com.amazonaws.${context.region}.s3`,
        routeTableIds: [...args.routeTableIds],
        policy: JSON.stringify(s3Policy(context.accountId, context.region)),
        tags: { Name: `${context.prefix}-s3` },
      },
      this.inside,
    );
    if (args.services.length > 0) this.interfaces(args);
    this.registerOutputs();
  }

  private interfaces(args: EndpointsArgs): void {
    const { context, vpcId, subnetIds } = args;
    const group = new aws.ec2.SecurityGroup(
      this.child("group"),
      { vpcId, description: "Interface VPC endpoints", tags: { Name: `${context.prefix}-endpoints` } },
      this.inside,
    );
    new aws.vpc.SecurityGroupIngressRule(
      this.child("group", "vpc"),
      {
        securityGroupId: group.id,
        cidrIpv4: args.vpcCidr,
        ipProtocol: "tcp",
        fromPort: httpsPort,
        toPort: httpsPort,
        description: "HTTPS from the VPC",
      },
      this.inside,
    );
    for (const service of args.services)
      new aws.ec2.VpcEndpoint(
        this.child(service),
        {
          vpcId,
          vpcEndpointType: "Interface",
          serviceName: `com.amazonaws.${context.region}.${service}`,
          subnetIds: [...subnetIds],
          securityGroupIds: [group.id],
          privateDnsEnabled: true,
          policy: JSON.stringify(interfacePolicy(service, context.accountId)),
          tags: { Name: `${context.prefix}-${service}` },
        },
        this.inside,
      );
  }
}
