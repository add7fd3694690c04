import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { maxConnections, type StandbySettings } from "../../config";
import type { PostgresStore } from "../../systems/spec";
import { Component } from "../base/component";
import { cloudAlarms } from "../observability/cloud-alarms";
import { databaseAlarms, replicaAlarms } from "../observability/data-alarms";
import { thresholds } from "../observability/thresholds";
import { finalSnapshot } from "./final-snapshot";
import {
  databaseSubnets,
  instanceSettings,
  monitoringRole,
  parameterGroup,
  type InstancePartsArgs,
} from "./instance-parts";
import { primaryIdentifier } from "./instances";
import { engineLogGroups, type EngineLogs } from "./log-groups";
import { masterUser } from "./credentials/logins";
import type { SharedSettings } from "./shared-settings";

export interface StandbyDatabaseArgs extends InstancePartsArgs, EngineLogs {
  readonly spec: PostgresStore;
  /** ARN of the primary in the first region. */
  readonly sourceArn: pulumi.Input<string>;
  readonly standby: Pick<StandbySettings, "active" | "copy">;
  /** Class of the read replica; undefined: automated backups are replicated. */
  readonly replicaClass: string | undefined;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/**
 * A database's copy in the second region: a read replica, or its automated backups. While the second region is active it
 * is a database of its own: the replica is promoted in place, or an instance is restored from the backups. RDS can't
 * turn such a database into a replica again, so it is kept when the first region is active again, and `copy` numbers its
 * successor.
 */
export class StandbyDatabase extends Component {
  /** The replica, also after its promotion; undefined: there are only backups. */
  readonly database: aws.rds.Instance | undefined;
  private readonly parts: {
    readonly group: aws.rds.ParameterGroup;
    readonly monitoringRoleArn: pulumi.Output<string>;
    readonly subnetGroupName: pulumi.Output<string>;
  };

  constructor(
    name: string,
    private readonly args: StandbyDatabaseArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:data:StandbyDatabase", name, opts);
    // They cost nothing and are created from the start: a promoted database is kept after a failback, and needs them.
    this.parts = {
      group: parameterGroup(this, args.settings.version, args.settings.parameters),
      monitoringRoleArn: monitoringRole(this, args.context),
      subnetGroupName: databaseSubnets(this, args).name,
    };
    const backups = args.replicaClass === undefined ? this.backups() : undefined;
    if (backups === undefined || this.active) this.database = this.instance(backups);
    this.registerOutputs();
  }

  private get active(): boolean {
    return this.args.standby.active === "secondary";
  }

  private backups(): aws.rds.InstanceAutomatedBackupsReplication {
    const { sourceArn, keyArn, settings } = this.args;
    return new aws.rds.InstanceAutomatedBackupsReplication(
      this.child("backups"),
      { sourceDbInstanceArn: sourceArn, kmsKeyId: keyArn, retentionPeriod: settings.backupDays },
      this.inside,
    );
  }

  /** The replica, or what is restored from `backups`. */
  private instance(backups: aws.rds.InstanceAutomatedBackupsReplication | undefined): aws.rds.Instance {
    const { context, settings, system, standby, replicaClass, keyArn, sourceArn, alarmTopicArn } = this.args;
    const { protect, disposable, prefix } = context;
    const { parameters } = settings;
    const { group, monitoringRoleArn, subnetGroupName } = this.parts;
    const key = `copy-${standby.copy}`;
    const identifier = primaryIdentifier(prefix, standby.copy === 1 ? system : `${system}-${standby.copy}`);
    const shared: SharedSettings = {
      ...instanceSettings(this.args, group, monitoringRoleArn),
      identifier,
      kmsKeyId: keyArn,
      dbSubnetGroupName: subnetGroupName,
      // A replica must not run an older minor version than its primary: the day before.
      maintenanceWindow: this.active ? settings.windows.maintenance : settings.windows.replicaMaintenance,
    };
    // A database that was written to since a failover is only deleted manually.
    const retain = this.active && !disposable;
    const instanceClass = this.active ? settings.class : (replicaClass ?? settings.class);
    const instance = new aws.rds.Instance(
      this.child(key),
      {
        ...shared,
        instanceClass,
        ...(this.active
          ? {
              ...this.independent(identifier),
              ...(backups === undefined ? promoted : this.restored(backups)),
            }
          : { replicateSourceDb: sourceArn, skipFinalSnapshot: true }),
      },
      {
        ...this.inside,
        protect,
        retainOnDelete: retain,
        dependsOn: engineLogGroups(this, key, { ...this.args, identifier, retain }),
      },
    );
    cloudAlarms(
      this,
      key,
      {
        ...databaseAlarms({
          storage: settings.storage,
          connections: maxConnections(instanceClass, parameters),
          connectionShare: thresholds.connectionShare,
        }),
        ...(this.active ? {} : replicaAlarms),
      },
      {
        label: identifier,
        namespace: "AWS/RDS",
        dimensions: { DBInstanceIdentifier: identifier },
        alarmTopicArn,
      },
    );
    return instance;
  }

  /** Settings of a database that replicates no other. A replica has its source's. */
  private independent(identifier: string): Partial<aws.rds.InstanceArgs> {
    const { context, settings, spec } = this.args;
    const { disposable } = context;
    const snapshot = { database: spec.database, user: masterUser };
    return {
      multiAz: settings.multiAz,
      backupRetentionPeriod: settings.backupDays,
      backupWindow: settings.windows.backup,
      deleteAutomatedBackups: disposable,
      skipFinalSnapshot: disposable,
      ...(disposable
        ? {}
        : { finalSnapshotIdentifier: finalSnapshot(this, "final-snapshot", identifier, snapshot) }),
      // Otherwise RDS would change class and Multi-AZ in the next maintenance window.
      applyImmediately: true,
    };
  }

  /** Settings that the backups don't contain. Database, logins and passwords are in them. */
  private restored({ id }: aws.rds.InstanceAutomatedBackupsReplication): Partial<aws.rds.InstanceArgs> {
    const { settings } = this.args;
    return {
      engine: "postgres",
      engineVersion: settings.version,
      engineLifecycleSupport: "open-source-rds-extended-support-disabled",
      allocatedStorage: settings.storage,
      username: masterUser,
      restoreToPointInTime: { sourceDbInstanceAutomatedBackupsArn: id, useLatestRestorableTime: true },
    };
  }
}

/**
 * The AWS provider promotes a replica that loses `replicateSourceDb`. Engine, database and user stay as they are: named
 * here, they would look like a change that replaces the instance. The tag marks it for the policies.
 */
const promoted = { tags: { "plinth:promoted": "true" } } as const;
