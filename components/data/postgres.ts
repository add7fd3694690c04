import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { proxyPercent, type PostgresSettings } from "../../config";
import type { PostgresStore } from "../../systems/spec";
import { Component } from "../base/component";
import type { StoreNetwork } from "../network/data-network";
import type { Context } from "../base/context";
import type { StoreOutputs } from "../base/store";
import { Credentials } from "./credentials";
import { finalSnapshot } from "./final-snapshot";
import { primaryIdentifier, replicaPlans } from "./instances";
import { databaseSubnets, instanceSettings, monitoringRole, parameterGroup } from "./instance-parts";
import { engineLogGroups } from "./log-groups";
import { masterUser } from "./credentials/logins";
import { postgresOutputs } from "./postgres-outputs";
import { Proxy } from "./proxy";
import { readReplicas } from "./replicas";
import type { SharedSettings } from "./shared-settings";

export interface PostgresArgs {
  readonly context: Context;
  readonly spec: PostgresStore;
  readonly settings: PostgresSettings;
  readonly system: string;
  readonly store: string;
  readonly network: StoreNetwork;
  /** Key that encrypts storage, snapshots, performance data and the Secrets Manager entry. */
  readonly keyArn: pulumi.Input<string>;
  /** Key that encrypts the log groups. */
  readonly logsKeyArn: pulumi.Input<string>;
  /** Connections that each pod may open to each instance, by the workload's name. */
  readonly pools: Readonly<Record<string, number>>;
  /** Retention of the database's log in days. */
  readonly logDays: number;
}

/** PostgreSQL on RDS: a primary, read replicas by role, its logins and connection strings. */
export class Postgres extends Component {
  readonly outputs: StoreOutputs;
  readonly credentials: Credentials;
  /** Host of the primary itself. */
  readonly host: pulumi.Output<string>;
  /** Host of the proxy in front of the primary; undefined: no proxy. */
  readonly proxyHost: pulumi.Output<string> | undefined;
  /** Hosts of all read replicas. */
  readonly replicaHosts: readonly pulumi.Output<string>[];

  constructor(
    name: string,
    private readonly args: PostgresArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:data:Postgres", name, opts);
    this.credentials = new Credentials(
      this.child("credentials"),
      {
        ...args,
        owner: args.spec.user,
        proxied: args.settings.pooling.kind !== "none",
        masterVersion: args.settings.credentialsVersion,
      },
      this.inside,
    );
    const monitoring = monitoringRole(this, args.context);
    const plans = replicaPlans(args.spec.readRoles, args.settings, args.network.zones);
    const { version, upgradingFrom, parameters } = args.settings;
    const group = parameterGroup(this, version, parameters);
    const primary = this.primary(instanceSettings(args, group, monitoring), databaseSubnets(this, args));
    // Until RDS has upgraded them, replicas can't use a parameter group of the new version.
    const former = upgradingFrom === undefined ? group : parameterGroup(this, upgradingFrom, parameters);
    const replicas = readReplicas(this, args.spec.readRoles, plans, {
      ...args,
      shared: instanceSettings(args, former, monitoring),
      primary,
      logs: args,
    });
    this.host = primary.address;
    this.replicaHosts = Object.values(replicas).flatMap((some) => some.map(({ address }) => address));
    const proxy = this.proxy(primary);
    this.proxyHost = proxy?.endpoint;
    this.outputs = postgresOutputs({ ...args, credentials: this.credentials, primary, replicas, proxy });
    this.registerOutputs();
  }

  private primary(shared: SharedSettings, subnets: aws.rds.SubnetGroup): aws.rds.Instance {
    const { context, spec, settings, system, keyArn } = this.args;
    const { protect, disposable, prefix } = context;
    const identifier = primaryIdentifier(prefix, system);
    return new aws.rds.Instance(
      this.child("primary"),
      {
        ...shared,
        identifier,
        instanceClass: settings.class,
        engine: "postgres",
        // Only the major version: AWS upgrades the minor one in the maintenance window.
        engineVersion: settings.version,
        // Applied in the maintenance window, the upgrade would start after Pulumi has finished and show as a diff until
        // then.
        ...(settings.upgradingFrom === undefined
          ? {}
          : { allowMajorVersionUpgrade: true, applyImmediately: true }),
        engineLifecycleSupport: "open-source-rds-extended-support-disabled",
        allocatedStorage: settings.storage,
        kmsKeyId: keyArn,
        dbSubnetGroupName: subnets.name,
        multiAz: settings.multiAz,
        dbName: spec.database,
        username: masterUser,
        // Not managed by RDS, which doesn't replicate a PostgreSQL instance whose password it manages itself. Source:
        // Amazon RDS user guide, password management with Secrets Manager, limitations.
        password: this.credentials.masterPassword,
        backupRetentionPeriod: settings.backupDays,
        backupWindow: settings.windows.backup,
        maintenanceWindow: settings.windows.maintenance,
        deleteAutomatedBackups: disposable,
        skipFinalSnapshot: disposable,
        ...(disposable ? {} : { finalSnapshotIdentifier: this.finalSnapshot(identifier) }),
      },
      { ...this.inside, protect, dependsOn: engineLogGroups(this, "primary", { ...this.args, identifier }) },
    );
  }

  /** A replacement of the instance gets a new name. */
  private finalSnapshot(identifier: string): pulumi.Output<string> {
    const { database } = this.args.spec;
    return finalSnapshot(this, "final-snapshot", identifier, { database, user: masterUser });
  }

  /** The proxy in front of the primary, if configured. */
  private proxy(primary: aws.rds.Instance): Proxy | undefined {
    const { pooling, parameters: set } = this.args.settings;
    const { proxied } = this.credentials;
    if (pooling.kind === "none" || proxied === undefined) return undefined;
    const maxConnectionsPercent = proxyPercent(pooling.connections, Number(set.max_connections));
    return new Proxy(
      this.child("proxy"),
      {
        ...this.args,
        databaseIdentifier: primary.identifier,
        entries: [proxied.a, proxied.b],
        maxConnectionsPercent,
      },
      this.inside,
    );
  }
}
