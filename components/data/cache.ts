import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { nightly, valkeyFamilies, type CacheSettings } from "../../config";
import { Component } from "../base/component";
import type { StoreNetwork } from "../network/data-network";
import type { Context } from "../base/context";
import { logGroup } from "../base/log-group";
import { physicalName } from "../base/naming";
import { secretEntry } from "../security/secret-entry";
import type { StoreOutputs } from "../base/store";
import { cacheMetrics, cacheParameters, nodes } from "./cache-shape";
import { cacheUrl } from "./urls";
import { finalSnapshot } from "./final-snapshot";
import { enginePorts } from "../base/ports";

export interface CacheArgs {
  readonly context: Context;
  readonly settings: CacheSettings;
  readonly system: string;
  readonly store: string;
  readonly network: StoreNetwork;
  /** Key that encrypts the nodes' storage, snapshots and the Secrets Manager entry. */
  readonly keyArn: pulumi.Input<string>;
  /** Key that encrypts the log group. */
  readonly logsKeyArn: pulumi.Input<string>;
}

/** Length of the password, in letters and digits. ElastiCache allows 16 to 128. */
const passwordLength = 64;

/**
 * Access string of the user: all keys and channels, since only one system uses the cache, and all commands except those
 * in Valkey's `@dangerous` category (FLUSHALL, KEYS, CONFIG, MONITOR, SHUTDOWN and others). INFO is in that category
 * but stays allowed: ioredis uses it for its ready check, and job queues read the server's version from it.
 */
export const accessString = "on ~* &* +@all -@dangerous +info";

/** Redis-compatible cache: Valkey on ElastiCache, over TLS, one user with a password. */
export class Cache extends Component {
  readonly outputs: StoreOutputs;

  constructor(
    name: string,
    private readonly args: CacheArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:data:Cache", name, opts);
    const { credentialsVersion: version } = args.settings;
    const password = this.password(version);
    const user = this.user(version > 1 ? [password, this.password(version - 1)] : [password]);
    const group = this.replicationGroup(this.userGroup(user), this.subnetGroup(), this.logGroup());
    this.outputs = this.storeOutputs(group, user, password);
    this.registerOutputs();
  }

  private physical(type: "cacheUser" | "cacheReplicationGroup", ...more: string[]): string {
    const { context, system, store } = this.args;
    // ElastiCache stores these ids in lower case: an upper-case letter would be a permanent diff.
    return physicalName(type, context.prefix, system, store, ...more).toLowerCase();
  }

  private password(version: number): pulumi.Output<string> {
    return new random.RandomPassword(
      this.child("password", version),
      { length: passwordLength, special: false },
      this.inside,
    ).result;
  }

  /** ElastiCache allows two passwords per user: pods with the previous one can log in until the next rotation. */
  private user(passwords: pulumi.Output<string>[]): aws.elasticache.User {
    return new aws.elasticache.User(
      this.child("user"),
      {
        engine: "valkey",
        userId: this.physical("cacheUser"),
        userName: this.args.system,
        accessString,
        passwords,
      },
      this.inside,
    );
  }

  /** Unlike Redis, Valkey user groups need no `default` user: clients without a user name are refused. */
  private userGroup(user: aws.elasticache.User): aws.elasticache.UserGroup {
    return new aws.elasticache.UserGroup(
      this.child("users"),
      { engine: "valkey", userGroupId: this.physical("cacheUser", "users"), userIds: [user.userId] },
      this.inside,
    );
  }

  private subnetGroup(): aws.elasticache.SubnetGroup {
    const { context, system, store, network } = this.args;
    const name = physicalName("cacheSubnetGroup", context.prefix, system, store).toLowerCase();
    return new aws.elasticache.SubnetGroup(
      this.child("subnets"),
      { name, subnetIds: [...network.subnetIds] },
      this.inside,
    );
  }

  /** ElastiCache writes a stream for each node and kind of log. */
  private logGroup(): aws.cloudwatch.LogGroup {
    return logGroup(this, "log", {
      context: this.args.context,
      // The account's resource policy for log delivery has a size limit and covers all names with this prefix.
      name: `/aws/vendedlogs/elasticache/${this.physical("cacheReplicationGroup")}`,
      keyArn: this.args.logsKeyArn,
    });
  }

  /** Auto-named, so a group of another family is created before the old one is deleted. */
  private parameterGroup(): aws.elasticache.ParameterGroup {
    const { settings, system } = this.args;
    return new aws.elasticache.ParameterGroup(
      this.child("parameters"),
      {
        family: valkeyFamilies[settings.version],
        description: `Cache of ${system}`,
        parameters: cacheParameters(settings),
      },
      this.inside,
    );
  }

  private replicationGroup(
    users: aws.elasticache.UserGroup,
    subnets: aws.elasticache.SubnetGroup,
    log: aws.cloudwatch.LogGroup,
  ): aws.elasticache.ReplicationGroup {
    const { context, settings, system, network, keyArn } = this.args;
    const { protect, disposable } = context;
    const replicationGroupId = this.physical("cacheReplicationGroup");
    return new aws.elasticache.ReplicationGroup(
      this.child("group"),
      {
        replicationGroupId,
        description: `Cache of ${system}`,
        engine: "valkey",
        engineVersion: settings.version,
        autoMinorVersionUpgrade: true,
        nodeType: settings.nodeType,
        ...nodes(settings),
        parameterGroupName: this.parameterGroup().name,
        port: enginePorts.cache,
        subnetGroupName: subnets.name,
        securityGroupIds: [network.securityGroupId],
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        atRestEncryptionEnabled: true,
        kmsKeyId: keyArn,
        userGroupIds: [users.userGroupId],
        maintenanceWindow: nightly.maintenance,
        snapshotRetentionLimit: settings.snapshotDays,
        ...(settings.snapshotDays > 0 ? { snapshotWindow: nightly.backup } : {}),
        ...(disposable
          ? {}
          : {
              finalSnapshotIdentifier: finalSnapshot(this, "final-snapshot", replicationGroupId, {}),
            }),
        logDeliveryConfigurations: ["slow-log", "engine-log"].map((logType) => ({
          logType,
          logFormat: "json",
          destinationType: "cloudwatch-logs",
          destination: log.name,
        })),
        applyImmediately: !protect,
      },
      { ...this.inside, protect },
    );
  }

  private storeOutputs(
    group: aws.elasticache.ReplicationGroup,
    user: aws.elasticache.User,
    password: pulumi.Output<string>,
  ): StoreOutputs {
    const { settings } = this.args;
    // In cluster mode clients learn from the configuration endpoint which shard has a key.
    const host =
      settings.shards === undefined ? group.primaryEndpointAddress : group.configurationEndpointAddress;
    const url = pulumi.output({ user: user.userName, password, host }).apply(cacheUrl);
    return {
      plain: { host, port: String(enginePorts.cache) },
      secret: secretEntry(this, "entry", { ...this.args, values: { url } }),
      ready: [group],
      destinations: [{ kind: "isolated", ports: [enginePorts.cache] }],
      grants: [],
      metrics: cacheMetrics(this.physical("cacheReplicationGroup"), settings),
    };
  }
}
