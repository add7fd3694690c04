import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import type { StoreNetwork } from "../network/data-network";
import type { Context } from "../base/context";
import { gated } from "../base/gated";
import { logGroup } from "../base/log-group";
import { physicalName } from "../base/naming";
import type { SecretEntry } from "../security/secret-entry";
import { proxyRoleArn } from "./proxy-role";
import { enginePorts } from "../base/ports";

export interface ProxyArgs {
  readonly context: Context;
  readonly system: string;
  readonly store: string;
  /** Network of the database. The rotation function tests the logins through the proxy. */
  readonly network: StoreNetwork;
  /** The writer: RDS Proxy doesn't support read replicas of RDS instances. */
  readonly databaseIdentifier: pulumi.Input<string>;
  /**
   * Entries of the logins that the proxy accepts, each with `username` and `password`. With alternating users there are
   * two, so the proxy still accepts the previous login after a rotation.
   */
  readonly entries: readonly SecretEntry[];
  /** Key that encrypts those entries. */
  readonly keyArn: pulumi.Input<string>;
  readonly logsKeyArn: pulumi.Input<string>;
  /** Share of the database's connections that the proxy may hold, in percent. */
  readonly maxConnectionsPercent: number;
}

/** Connection borrow timeout, in seconds. RDS allows 0 to 300. */
const borrowSeconds = 30;

/** Idle client timeout, in seconds. RDS' default. */
const idleClientSeconds = 1800;

/**
 * Maximum of idle connections, in percent of the database's connections: half of the proxy's share, which is RDS'
 * default. Without a value the provider sends 50, and RDS refuses more than the proxy's share.
 */
const idlePercent = (share: number) => Math.floor(share / 2);

/**
 * RDS Proxy in front of a database's writer: it pools connections for many clients and keeps clients connected during a
 * failover to the standby. It requires TLS.
 */
export class Proxy extends Component {
  /** Host to use instead of the writer's, known once the writer is the proxy's target. */
  readonly endpoint: pulumi.Output<string>;
  /** Dependency of workloads that use the proxy. */
  readonly ready: pulumi.Resource;

  constructor(
    name: string,
    private readonly args: ProxyArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:data:Proxy", name, opts);
    const proxy = this.proxy();
    // Both are deleted with the proxy when it is replaced, although its name stays the same.
    const withProxy = { ...this.inside, replaceWith: [proxy] };
    const group = new aws.rds.ProxyDefaultTargetGroup(
      this.child("pool"),
      {
        dbProxyName: proxy.name,
        connectionPoolConfig: {
          maxConnectionsPercent: args.maxConnectionsPercent,
          maxIdleConnectionsPercent: idlePercent(args.maxConnectionsPercent),
          connectionBorrowTimeout: borrowSeconds,
        },
      },
      withProxy,
    );
    const target = new aws.rds.ProxyTarget(
      this.child("target"),
      {
        dbProxyName: proxy.name,
        targetGroupName: group.name,
        dbInstanceIdentifier: args.databaseIdentifier,
      },
      withProxy,
    );
    this.endpoint = gated(proxy.endpoint, [target.id]);
    this.ready = target;
    this.registerOutputs();
  }

  private proxy(): aws.rds.Proxy {
    const { context, system, store, network, entries, keyArn, logsKeyArn } = this.args;
    const entryArns = entries.map(({ arn }) => arn);
    const name = physicalName("databaseProxy", context.prefix, system, store);
    // RDS writes to a group with this name. It must exist first, or RDS creates it unencrypted and without retention.
    const log = logGroup(this, "log", { context, name: `/aws/rds/proxy/${name}`, keyArn: logsKeyArn });
    return new aws.rds.Proxy(
      this.child("proxy"),
      {
        name,
        engineFamily: "POSTGRESQL",
        requireTls: true,
        idleClientTimeout: idleClientSeconds,
        roleArn: proxyRoleArn(this, "role", { context, entryArns, keyArn }),
        vpcSubnetIds: [...network.subnetIds],
        vpcSecurityGroupIds: [this.securityGroup(name)],
        auths: entryArns.map((secretArn) => ({
          authScheme: "SECRETS",
          clientPasswordAuthType: "POSTGRES_SCRAM_SHA_256",
          iamAuth: "DISABLED",
          secretArn,
        })),
      },
      // The name is fixed, so the old proxy must go first. The proxy can only read entries that have a version.
      {
        ...this.inside,
        dependsOn: [log, ...entries.flatMap(({ filledBy }) => filledBy)],
        deleteBeforeReplace: true,
      },
    );
  }

  /** Allows the nodes to reach the proxy, and the proxy the database. Known once all its rules exist. */
  private securityGroup(label: string): pulumi.Output<string> {
    const {
      vpcId,
      nodeSecurityGroupId,
      securityGroupId: databaseGroupId,
      rotationSecurityGroupId,
    } = this.args.network;
    const port = { ipProtocol: "tcp", fromPort: enginePorts.postgres, toPort: enginePorts.postgres };
    const group = new aws.ec2.SecurityGroup(
      this.child("group"),
      { vpcId, description: "RDS Proxy", tags: { Name: `${label}-proxy` } },
      this.inside,
    );
    const peers = { nodes: "nodes", proxy: "RDS Proxy", rotation: "rotation function", database: "database" };
    const ingress = (
      from: keyof typeof peers,
      securityGroupId: pulumi.Input<string>,
      other: pulumi.Input<string>,
    ) =>
      new aws.vpc.SecurityGroupIngressRule(
        this.child("from", from),
        {
          ...port,
          securityGroupId,
          referencedSecurityGroupId: other,
          description: `From the ${peers[from]}`,
        },
        this.inside,
      );
    const egress = (
      to: keyof typeof peers,
      securityGroupId: pulumi.Input<string>,
      other: pulumi.Input<string>,
    ) =>
      new aws.vpc.SecurityGroupEgressRule(
        this.child("to", to),
        { ...port, securityGroupId, referencedSecurityGroupId: other, description: `To the ${peers[to]}` },
        this.inside,
      );
    const rules = [
      ingress("nodes", group.id, nodeSecurityGroupId),
      ingress("proxy", databaseGroupId, group.id),
      egress("database", group.id, databaseGroupId),
      ...(rotationSecurityGroupId === undefined
        ? []
        : [
            ingress("rotation", group.id, rotationSecurityGroupId),
            egress("proxy", rotationSecurityGroupId, group.id),
          ]),
    ];
    return gated(
      group.id,
      rules.map(({ id }) => id),
    );
  }
}
