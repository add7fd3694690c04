import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { PostgresSettings } from "../../config";
import type { PostgresStore } from "../../systems/spec";
import { Component } from "../component";
import type { Context } from "../context";
import { physicalName } from "../naming";
import { secretEntry } from "../security/secret-entry";
import type { StoreOutputs } from "../store";
import { postgresPort, postgresSecrets } from "./connections";
import { backupWindow, maintenanceWindow, replicaMaintenanceWindow } from "./housekeeping";
import { engineLogGroups, engineLogs } from "./log-groups";
import { monitoringRoleArn } from "./monitoring-role";
import { parameterFamily, parameters } from "./parameters";

export interface PostgresArgs {
  readonly context: Context;
  readonly spec: PostgresStore;
  readonly settings: PostgresSettings;
  readonly system: string;
  readonly store: string;
  /** Isolated subnets, in two zones or more. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Zones of the subnets: a role's replicas are spread over them. Default: RDS chooses, maybe one for all. */
  readonly zones?: readonly string[];
  readonly securityGroupId: pulumi.Input<string>;
  /** Key that encrypts storage, snapshots, performance data and the Secrets Manager entry. */
  readonly keyArn: pulumi.Input<string>;
  /** Key that encrypts the log groups. */
  readonly logsKeyArn: pulumi.Input<string>;
}

/** What primary and replicas have in common. */
type Shared = Omit<aws.rds.InstanceArgs, "instanceClass">;

/** Seconds between two readings of the instance's operating system. */
const monitoringSeconds = 60;

/** Letters and digits of the password: 32 of them are 190 bits. */
const passwordLength = 32;

/** PostgreSQL on RDS: a primary, read replicas by role, and the Secrets Manager entry with its connection strings. */
export class Postgres extends Component {
  readonly outputs: StoreOutputs;

  constructor(
    name: string,
    private readonly args: PostgresArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:data:Postgres", name, opts);
    const password = this.password();
    const shared = this.shared(this.parameterGroup());
    const primary = this.primary(shared, this.subnetGroup(), password);
    const replicas = this.replicas(shared, primary);
    this.outputs = this.storeOutputs(primary, replicas, password);
    this.registerOutputs();
  }

  /** RDS can't keep the password by itself: an instance with such a password takes no read replicas. */
  private password(): pulumi.Output<string> {
    const args = { length: passwordLength, special: false };
    return new random.RandomPassword(this.child("password"), args, this.inside).result;
  }

  private subnetGroup(): aws.rds.SubnetGroup {
    const { context, system, store, subnetIds } = this.args;
    // RDS stores the name in lower case: an upper-case letter would be a difference that never settles.
    const name = physicalName("databaseSubnetGroup", context.prefix, system, store).toLowerCase();
    return new aws.rds.SubnetGroup(this.child("subnets"), { name, subnetIds: [...subnetIds] }, this.inside);
  }

  private parameterGroup(): aws.rds.ParameterGroup {
    const family = parameterFamily(this.args.settings.version);
    return new aws.rds.ParameterGroup(
      this.child("parameters"),
      { family, parameters: [...parameters] },
      this.inside,
    );
  }

  private shared(parameterGroup: aws.rds.ParameterGroup): Shared {
    const { context, settings, securityGroupId, keyArn } = this.args;
    return {
      // gp3 brings 3000 IOPS and 125 MB/s; below 400 GiB RDS refuses to be told so.
      storageType: "gp3",
      storageEncrypted: true,
      maxAllocatedStorage: settings.maxStorage,
      vpcSecurityGroupIds: [securityGroupId],
      publiclyAccessible: false,
      caCertIdentifier: "rds-ca-rsa2048-g1",
      parameterGroupName: parameterGroup.name,
      autoMinorVersionUpgrade: true,
      applyImmediately: !context.protect,
      deletionProtection: context.protect,
      copyTagsToSnapshot: true,
      enabledCloudwatchLogsExports: [...engineLogs],
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: keyArn,
      monitoringInterval: monitoringSeconds,
      monitoringRoleArn: monitoringRoleArn(this.child("monitoring"), context.accountId, this.inside),
    };
  }

  private primary(
    shared: Shared,
    subnets: aws.rds.SubnetGroup,
    password: pulumi.Output<string>,
  ): aws.rds.Instance {
    const { context, spec, settings, system, keyArn, logsKeyArn } = this.args;
    const { protect, prefix } = context;
    const name = this.child("primary");
    const identifier = physicalName("databaseInstance", prefix, system);
    return new aws.rds.Instance(
      name,
      {
        ...shared,
        identifier,
        instanceClass: settings.class,
        engine: "postgres",
        // The major version alone: AWS keeps the minor one, in the maintenance window.
        engineVersion: settings.version,
        engineLifecycleSupport: "open-source-rds-extended-support-disabled",
        allocatedStorage: settings.storage,
        kmsKeyId: keyArn,
        dbSubnetGroupName: subnets.name,
        multiAz: settings.multiAz,
        dbName: spec.database,
        username: spec.user,
        password,
        backupRetentionPeriod: settings.backupDays,
        backupWindow,
        maintenanceWindow,
        deleteAutomatedBackups: !protect,
        skipFinalSnapshot: !protect,
        ...(protect ? { finalSnapshotIdentifier: `${identifier}-final` } : {}),
      },
      { ...this.inside, protect, dependsOn: engineLogGroups(name, identifier, logsKeyArn, this.inside) },
    );
  }

  /** Read replicas by role. A role without any is there too: the primary serves it. */
  private replicas(shared: Shared, primary: aws.rds.Instance): Record<string, aws.rds.Instance[]> {
    const { spec, settings, zones } = this.args;
    const byRole: Record<string, aws.rds.Instance[]> = {};
    spec.readRoles.forEach((role, offset) => {
      const wanted = settings.readReplicas[role];
      byRole[role] = [];
      if (wanted === undefined) return;
      // The zone follows from role and index alone: one replica more moves no other.
      const zone = (index: number) => zones?.[(offset + index) % zones.length];
      byRole[role] = Array.from({ length: wanted.count }, (_, index) =>
        this.replica(role, index, primary, {
          ...shared,
          instanceClass: wanted.class,
          availabilityZone: zone(index),
        }),
      );
    });
    return byRole;
  }

  /** It takes engine, user, password, database, subnets and key from its source, and refuses to be told them. */
  private replica(
    role: string,
    index: number,
    primary: aws.rds.Instance,
    shared: aws.rds.InstanceArgs,
  ): aws.rds.Instance {
    const { context, system, logsKeyArn } = this.args;
    const { protect, prefix } = context;
    const name = this.child(role, index);
    const identifier = physicalName("databaseInstance", prefix, system, role, String(index));
    return new aws.rds.Instance(
      name,
      {
        ...shared,
        identifier,
        replicateSourceDb: primary.identifier,
        maintenanceWindow: replicaMaintenanceWindow,
        skipFinalSnapshot: true,
      },
      { ...this.inside, protect, dependsOn: engineLogGroups(name, identifier, logsKeyArn, this.inside) },
    );
  }

  private storeOutputs(
    primary: aws.rds.Instance,
    replicas: Record<string, aws.rds.Instance[]>,
    password: pulumi.Output<string>,
  ): StoreOutputs {
    const { user, database } = this.args.spec;
    const hosts: Record<string, pulumi.Output<string>[]> = {};
    for (const [role, instances] of Object.entries(replicas))
      hosts[role] = instances.map(({ address }) => address);
    const access = { user, password, database, primary: primary.address, replicas: hosts };
    const values = pulumi.output(access).apply(postgresSecrets);
    return {
      plain: { host: primary.address, port: String(postgresPort), database },
      secret: secretEntry(this.child("entry"), { ...this.args, values }, this.inside),
      ready: [primary, ...Object.values(replicas).flat()],
      destinations: [{ kind: "isolated", ports: [postgresPort] }],
      grants: [],
    };
  }
}
