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
  /** Of the database. The function that rotates its logins tries them at the proxy. */
  readonly network: StoreNetwork;
  /** The writer: RDS Proxy serves no read replica of RDS. */
  readonly databaseIdentifier: pulumi.Input<string>;
  /**
   * Entries of the logins that the proxy lets in, `username` and `password` in each. With two users that take turns
   * there are two: who has the older login is still let in.
   */
  readonly entries: readonly SecretEntry[];
  /** Key that encrypts those entries. */
  readonly keyArn: pulumi.Input<string>;
  readonly logsKeyArn: pulumi.Input<string>;
  /** Share of the database's connections that the proxy may hold, in percent. */
  readonly maxConnectionsPercent: number;
}

/** Seconds that a client waits for a connection before it gets an error. RDS allows 0 to 300. */
const borrowSeconds = 30;

/** Seconds after which a client that does nothing is let go. RDS' own default. */
const idleClientSeconds = 1800;

/**
 * Share of the database's connections that the proxy keeps though nobody uses them, in percent: half of its own share,
 * as RDS does. Left out, the provider sends 50, and RDS refuses more than the proxy's share.
 */
const idlePercent = (share: number) => Math.floor(share / 2);

/**
 * RDS Proxy in front of a database's writer: it keeps connections open and shares them among many clients, and holds
 * clients while the standby takes over. Clients reach it over TLS only.
 */
export class Proxy extends Component {
  /** Host in place of the writer's, known once the proxy has the writer for a target. */
  readonly endpoint: pulumi.Output<string>;
  /** What a workload waits for. */
  readonly ready: pulumi.Resource;

  constructor(
    name: string,
    private readonly args: ProxyArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:data:Proxy", name, opts);
    const proxy = this.proxy();
    // Both are part of the proxy: when it is replaced they are gone, though the name is the same.
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
    // RDS writes to a group of this name: it comes first, else RDS makes it, unencrypted and kept forever.
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
      // Its name is taken while the old one is there. An entry without a version is none that it can read.
      {
        ...this.inside,
        dependsOn: [log, ...entries.flatMap(({ filledBy }) => filledBy)],
        deleteBeforeReplace: true,
      },
    );
  }

  /** The nodes reach the proxy, the proxy reaches the database; known once both ways are open. */
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
      { vpcId, description: "Database proxy", tags: { Name: `${label}-proxy` } },
      this.inside,
    );
    const admit = (from: string, securityGroupId: pulumi.Input<string>, other: pulumi.Input<string>) =>
      new aws.vpc.SecurityGroupIngressRule(
        this.child("from", from),
        { ...port, securityGroupId, referencedSecurityGroupId: other, description: `From the ${from}` },
        this.inside,
      );
    const letOut = (to: string, securityGroupId: pulumi.Input<string>, other: pulumi.Input<string>) =>
      new aws.vpc.SecurityGroupEgressRule(
        this.child("to", to),
        { ...port, securityGroupId, referencedSecurityGroupId: other, description: `To the ${to}` },
        this.inside,
      );
    const ways = [
      admit("nodes", group.id, nodeSecurityGroupId),
      admit("proxy", databaseGroupId, group.id),
      letOut("database", group.id, databaseGroupId),
      ...(rotationSecurityGroupId === undefined
        ? []
        : [
            admit("rotation", group.id, rotationSecurityGroupId),
            letOut("proxy", rotationSecurityGroupId, group.id),
          ]),
    ];
    return gated(
      group.id,
      ways.map(({ id }) => id),
    );
  }
}
