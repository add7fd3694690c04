import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";
import { gated } from "../base/gated";
import { serviceRole } from "../base/service-role";
import type { Outbound } from "./nat-egress";
import { natScript } from "./nat-script";
import type { ZoneSubnet } from "./subnets";

export interface NatInstanceArgs {
  readonly context: Context;
  readonly keys: Pick<KeyArns, "cluster">;
  readonly vpcId: pulumi.Input<string>;
  readonly vpcCidr: string;
  /** A public subnet, known once it has a route to the internet. */
  readonly subnetId: pulumi.Input<string>;
  /** The private subnets, whose traffic it forwards. */
  readonly sources: readonly Pick<ZoneSubnet, "zone" | "cidr">[];
  /** What it forwards. */
  readonly outbound: readonly Outbound[];
}

/** The cheapest type with an image of Amazon Linux: 2 vCPUs at a baseline of 5 %, 0.5 GiB, up to 5 Gbit/s in bursts. */
const instanceType = "t4g.nano";

/**
 * EC2 resolves the newest image when it starts an instance. Source: EC2 user guide, use a Systems Manager parameter
 * instead of an AMI ID.
 */
const image = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";

/** The root device of Amazon Linux, and its minimum size: that of the image. */
const root = { device: "/dev/xvda", gib: 8 } as const;

const metadataOptions = { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 };

/** Sunday 19:00 UTC, Monday 04:00 in Seoul: a restart cuts every connection that it forwards. */
const patchTime = "cron(0 19 ? * SUN *)";

/**
 * An EC2 instance that forwards the private subnets' traffic to the internet, instead of a NAT gateway. If its hardware
 * fails, EC2 moves it to other hardware (simplified automatic recovery, on by default for T4g: EC2 user guide,
 * automatic instance recovery); nothing replaces it when its zone fails.
 *
 * A new instance is running before the old one is deleted. Then its Elastic IP address and the routes move to it.
 */
export class NatInstance extends Component {
  readonly id: pulumi.Output<string>;
  /** Target of routes. */
  readonly interfaceId: pulumi.Output<string>;
  /** Its Elastic IP address, without which it forwards nothing. */
  readonly address: pulumi.Resource;

  constructor(name: string, args: NatInstanceArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:network:NatInstance", name, opts);
    const instance = this.instance(args);
    const address = new aws.ec2.Eip(
      this.child("address"),
      { domain: "vpc", tags: { Name: `${args.context.prefix}-nat` } },
      this.inside,
    );
    // Not the address's own `instance`: the provider would then name two interfaces when the instance is replaced.
    this.address = new aws.ec2.EipAssociation(
      this.child("address", "association"),
      { allocationId: address.id, instanceId: instance.id, allowReassociation: true },
      this.inside,
    );
    this.patches(args.context, instance);
    this.id = instance.id;
    this.interfaceId = instance.primaryNetworkInterfaceId;
    this.registerOutputs();
  }

  /**
   * The launch template has the settings that the provider can't set together with an image that EC2 resolves:
   * hashicorp/terraform-provider-aws reads the root device of an image by its id. Everything else is on the instance,
   * since the provider compares the template's user data with none of its own and would restart the instance with each
   * update.
   */
  private instance(args: NatInstanceArgs): aws.ec2.Instance {
    const tags = { Name: `${args.context.prefix}-nat` };
    const template = new aws.ec2.LaunchTemplate(
      this.child("template"),
      {
        imageId: image,
        metadataOptions,
        blockDeviceMappings: [
          {
            deviceName: root.device,
            ebs: {
              volumeType: "gp3",
              volumeSize: root.gib,
              encrypted: "true",
              kmsKeyId: args.keys.cluster,
              deleteOnTermination: "true",
            },
          },
        ],
        tagSpecifications: ["volume", "network-interface"].map((resourceType) => ({
          resourceType,
          tags: { ...args.context.tags, ...tags },
        })),
        tags,
      },
      this.inside,
    );
    return new aws.ec2.Instance(
      this.child("instance"),
      {
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        instanceType,
        subnetId: args.subnetId,
        vpcSecurityGroupIds: [this.group(args)],
        sourceDestCheck: false,
        iamInstanceProfile: this.profile(),
        metadataOptions,
        userData: natScript(args.vpcCidr),
        userDataReplaceOnChange: true,
        monitoring: false,
        tags,
      },
      this.inside,
    );
  }

  /** Accepts only traffic of the private subnets, and forwards it only to where pods may connect. */
  private group({ context, vpcId, sources, outbound }: NatInstanceArgs): pulumi.Output<string> {
    const { id: securityGroupId } = new aws.ec2.SecurityGroup(
      this.child("group"),
      { vpcId, description: "NAT instance", tags: { Name: `${context.prefix}-nat` } },
      this.inside,
    );
    const tcp = (port: number) => ({ securityGroupId, ipProtocol: "tcp", fromPort: port, toPort: port });
    for (const port of new Set(outbound.map((each) => each.port)))
      for (const { zone, cidr } of sources)
        new aws.vpc.SecurityGroupIngressRule(
          this.child("group", "from", zone, port),
          { ...tcp(port), cidrIpv4: cidr, description: "From a private subnet" },
          this.inside,
        );
    for (const { cidr, port } of outbound)
      new aws.vpc.SecurityGroupEgressRule(
        this.child("group", "to", cidr, port),
        { ...tcp(port), cidrIpv4: cidr, description: "Forwarded from pods, and HTTPS of the instance" },
        this.inside,
      );
    return securityGroupId;
  }

  /** Systems Manager patches it, and opens sessions on it: it needs no port and no key for SSH. */
  private profile(): pulumi.Output<string> {
    const { role, arn } = serviceRole(this, "role", {
      description: "Lets Systems Manager patch the NAT instance and open sessions on it",
      trust: { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
      managed: { "role-systems-manager": "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore" },
    });
    const { name } = new aws.iam.InstanceProfile(this.child("profile"), { role: role.name }, this.inside);
    return gated(name, [arn]);
  }

  /** Security updates once a week, with a restart if one needs it; not at once, while the first deployment pulls images. */
  private patches({ prefix }: Context, { id }: aws.ec2.Instance): void {
    new aws.ssm.Association(
      this.child("patches"),
      {
        name: "AWS-RunPatchBaseline",
        associationName: `${prefix}-nat-patches`,
        targets: [{ key: "InstanceIds", values: [id] }],
        parameters: { Operation: "Install", RebootOption: "RebootIfNeeded" },
        scheduleExpression: patchTime,
        applyOnlyAtCronInterval: true,
        complianceSeverity: "HIGH",
      },
      this.inside,
    );
  }
}
