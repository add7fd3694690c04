import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";

export interface SecurityGroupsArgs {
  readonly vpcId: pulumi.Input<string>;
  /** Prefix of the `Name` tags. */
  readonly label: string;
  /** Port of each data store, by the store's key. */
  readonly dataPorts: Readonly<Record<string, number>>;
}

/**
 * The groups of nodes and of data stores. They are made here, and not beside the cluster or the databases, so that
 * no database waits for the cluster.
 *
 * Descriptions are constants: AWS replaces a group whose description changes.
 */
export class SecurityGroups extends Component {
  /**
   * What nodes wear so that data stores know them: a badge without rules. What nodes may send and receive stands in
   * the cluster's own group, which they wear besides; so this one must not carry the tag
   * `kubernetes.io/cluster/<name>`, by which the load balancer's controller finds the one group that it may edit.
   */
  readonly nodeGroupId: pulumi.Output<string>;
  /** Group of each data store, by the store's key. */
  readonly dataGroupIds: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: SecurityGroupsArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:network:SecurityGroups", name, opts);
    // What names no group gets this one: without a rule it reaches nothing.
    new aws.ec2.DefaultSecurityGroup(
      this.child("default"),
      { vpcId: args.vpcId, tags: { Name: `${args.label}-default-closed` } },
      this.inside,
    );
    this.nodeGroupId = this.group(args, "nodes", "Worn by the cluster's nodes").id;
    this.dataGroupIds = Object.fromEntries(
      Object.entries(args.dataPorts).map(([key, port]) => [key, this.dataGroup(args, key, port)]),
    );
    this.registerOutputs();
  }

  /** A group that admits the nodes on one port. It has no way out: a data store answers, it never calls. */
  private dataGroup(args: SecurityGroupsArgs, key: string, port: number): pulumi.Output<string> {
    const group = this.group(args, key, `Data store ${key}`);
    new aws.vpc.SecurityGroupIngressRule(
      this.child(key, "nodes"),
      {
        securityGroupId: group.id,
        referencedSecurityGroupId: this.nodeGroupId,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        description: "From the cluster's nodes",
      },
      this.inside,
    );
    return group.id;
  }

  private group({ vpcId, label }: SecurityGroupsArgs, key: string, description: string) {
    return new aws.ec2.SecurityGroup(
      this.child(key),
      { vpcId, description, tags: { Name: `${label}-${key}` } },
      this.inside,
    );
  }
}
