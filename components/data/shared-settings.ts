import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { engineLogs } from "./log-groups";

/** Arguments that primary and replicas share. */
export type SharedSettings = Omit<aws.rds.InstanceArgs, "instanceClass">;

/** Interval of Enhanced Monitoring, in seconds. */
const monitoringSeconds = 60;

export const sharedSettings = (args: {
  readonly protect: boolean;
  /** Limit of storage autoscaling, in GiB. */
  readonly maxStorage: number;
  readonly securityGroupId: pulumi.Input<string>;
  readonly keyArn: pulumi.Input<string>;
  readonly parameterGroupName: pulumi.Input<string>;
  readonly monitoringRoleArn: pulumi.Input<string>;
}): SharedSettings => ({
  // gp3 includes 3000 IOPS and 125 MB/s; below 400 GiB RDS refuses other values.
  storageType: "gp3",
  storageEncrypted: true,
  maxAllocatedStorage: args.maxStorage,
  vpcSecurityGroupIds: [args.securityGroupId],
  publiclyAccessible: false,
  caCertIdentifier: "rds-ca-rsa2048-g1",
  parameterGroupName: args.parameterGroupName,
  autoMinorVersionUpgrade: true,
  applyImmediately: !args.protect,
  deletionProtection: args.protect,
  copyTagsToSnapshot: true,
  enabledCloudwatchLogsExports: [...engineLogs],
  performanceInsightsEnabled: true,
  performanceInsightsKmsKeyId: args.keyArn,
  monitoringInterval: monitoringSeconds,
  monitoringRoleArn: args.monitoringRoleArn,
});
