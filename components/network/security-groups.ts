import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import { httpsPort } from "../base/ports";

export interface SecurityGroupsArgs {
  readonly vpcId: pulumi.Input<string>;
  /** Prefix of the `Name` tags. */
  readonly label: string;
  /** Port of each data store, by the store's key. */
  readonly dataPorts: Readonly<Record<string, number>>;
  /** Keys of the data stores whose logins a function rotates. */
  readonly rotated: readonly string[];
  /**
   * Keys of the data stores that CloudShell VPC environments may connect to. Undefined: they have no security group.
   */
  readonly shell?: readonly string[] | undefined;
  /** CIDR range of Secrets Manager: the VPC's range if the VPC has an endpoint for it. */
  readonly secretsManagerCidr: string;
}

/**
 * Security groups of nodes and data stores. They are created here, not with the cluster or the databases, so no
 * database waits for the cluster.
 *
 * Descriptions are constants: AWS replaces a group whose description changes. EC2 allows letters, digits, spaces and
 * `._-:/()#,@[]+=&;{}!$*` in them, but no apostrophe.
 */
export class SecurityGroups extends Component {
  /**
   * Attached to the nodes so that data stores can admit them. It has no rules: the cluster's own group, which is also
   * attached to the nodes, has theirs. It must not have the tag `kubernetes.io/cluster/<name>`, by which the load
   * balancer's controller finds the one group that it edits.
   */
  readonly nodeGroupId: pulumi.Output<string>;
  /** Group of each data store, by the store's key. */
  readonly dataGroupIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** Group of the function that rotates a data store's logins, by the store's key. */
  readonly rotationGroupIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** Group of CloudShell VPC environments; undefined: there is none. */
  readonly shellGroupId: pulumi.Output<string> | undefined;

  constructor(name: string, args: SecurityGroupsArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:network:SecurityGroups", name, opts);
    // Resources without a security group get this one, which has no rules.
    new aws.ec2.DefaultSecurityGroup(
      this.child("default"),
      { vpcId: args.vpcId, tags: { Name: `${args.label}-default-closed` } },
      this.inside,
    );
    this.nodeGroupId = this.group(args, "nodes", "Nodes of the cluster").id;
    this.dataGroupIds = Object.fromEntries(
      Object.entries(args.dataPorts).map(([key, port]) => [key, this.dataGroup(args, key, port)]),
    );
    this.rotationGroupIds = Object.fromEntries(
      args.rotated.flatMap((key) => {
        const [port, dataGroupId] = [args.dataPorts[key], this.dataGroupIds[key]];
        if (port === undefined || dataGroupId === undefined) return [];
        return [[key, this.rotationGroup(args, key, port, dataGroupId)]];
      }),
    );
    this.shellGroupId = args.shell && this.shellGroup(args, args.shell);
    this.registerOutputs();
  }

  /** A group that allows ingress from the nodes on one port. It has no egress: a data store opens no connections. */
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
        description: "From the nodes",
      },
      this.inside,
    );
    return group.id;
  }

  /** A group with egress to its database and Secrets Manager, and no ingress. */
  private rotationGroup(
    args: SecurityGroupsArgs,
    key: string,
    port: number,
    dataGroupId: pulumi.Output<string>,
  ): pulumi.Output<string> {
    const group = this.group(args, `${key}-rotation`, `Function that rotates the logins of ${key}`);
    const traffic = { ipProtocol: "tcp", fromPort: port, toPort: port };
    new aws.vpc.SecurityGroupIngressRule(
      this.child(key, "from-rotation"),
      {
        ...traffic,
        securityGroupId: dataGroupId,
        referencedSecurityGroupId: group.id,
        description: "From the function that rotates the logins",
      },
      this.inside,
    );
    new aws.vpc.SecurityGroupEgressRule(
      this.child(key, "rotation", "database"),
      {
        ...traffic,
        securityGroupId: group.id,
        referencedSecurityGroupId: dataGroupId,
        description: "To the database",
      },
      this.inside,
    );
    new aws.vpc.SecurityGroupEgressRule(
      this.child(key, "rotation", "secrets"),
      {
        securityGroupId: group.id,
        cidrIpv4: args.secretsManagerCidr,
        ipProtocol: "tcp",
        fromPort: httpsPort,
        toPort: httpsPort,
        description: "To Secrets Manager",
      },
      this.inside,
    );
    return group.id;
  }

  /**
   * A group for CloudShell VPC environments in the private subnets. It has no ingress: CloudShell's own connection
   * doesn't go through the VPC. With an endpoint for Secrets Manager it has no egress to the internet. IAM decides who
   * may attach it to an environment: see docs/access.md.
   */
  private shellGroup(args: SecurityGroupsArgs, stores: readonly string[]): pulumi.Output<string> {
    const group = this.group(args, "shell", "CloudShell VPC environments");
    new aws.vpc.SecurityGroupEgressRule(
      this.child("shell", "https"),
      {
        securityGroupId: group.id,
        cidrIpv4: args.secretsManagerCidr,
        ipProtocol: "tcp",
        fromPort: httpsPort,
        toPort: httpsPort,
        description: "To Secrets Manager and the API server of the cluster",
      },
      this.inside,
    );
    for (const key of stores) {
      const [port, dataGroupId] = [args.dataPorts[key], this.dataGroupIds[key]];
      if (port === undefined || dataGroupId === undefined) continue;
      const traffic = { ipProtocol: "tcp", fromPort: port, toPort: port };
      new aws.vpc.SecurityGroupIngressRule(
        this.child(key, "from-shell"),
        {
          ...traffic,
          securityGroupId: dataGroupId,
          referencedSecurityGroupId: group.id,
          description: "From CloudShell VPC environments",
        },
        this.inside,
      );
      new aws.vpc.SecurityGroupEgressRule(
        this.child("shell", key),
        {
          ...traffic,
          securityGroupId: group.id,
          referencedSecurityGroupId: dataGroupId,
          description: `To ${key}`,
        },
        this.inside,
      );
    }
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
