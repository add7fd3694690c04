import { at, type Values } from "../../wire";
import { callsOf, type Mappings } from "../call";

const rds = callsOf("rds");
const elasticache = callsOf("elasticache");
const efs = callsOf("efs");
const opensearch = callsOf("opensearch");

/** Common to all calls that create an instance. */
const restorable = {
  instanceClass: "DBInstanceClass",
  parameterGroupName: "DBParameterGroupName",
  caCertIdentifier: "CACertificateIdentifier",
  iamDatabaseAuthenticationEnabled: "EnableIAMDatabaseAuthentication",
};
/** Common to the primary and replicas. */
const anyInstance = {
  ...restorable,
  identifier: "DBInstanceIdentifier",
  performanceInsightsEnabled: "EnablePerformanceInsights",
};
const windows = { backupWindow: "PreferredBackupWindow", maintenanceWindow: "PreferredMaintenanceWindow" };
const isRestored = ({ restoreToPointInTime }: Values) => restoreToPointInTime !== undefined;
const isPromoted = ({ tags }: Values) => at({ tags }, "tags.plinth:promoted").length > 0;
const isReplica = ({ replicateSourceDb }: Values) => replicateSourceDb !== undefined;

export const dataCalls: Mappings = {
  "aws:rds/instance:Instance": {
    calls: [
      rds("CreateDBInstance", {
        members: {
          ...anyInstance,
          ...windows,
          username: "MasterUsername",
          password: "MasterUserPassword",
          enabledCloudwatchLogsExports: "EnableCloudwatchLogsExports",
        },
        when: (inputs) => !isReplica(inputs) && !isRestored(inputs) && !isPromoted(inputs),
      }),
      rds("CreateDBInstanceReadReplica", {
        members: {
          ...anyInstance,
          replicateSourceDb: "SourceDBInstanceIdentifier",
          enabledCloudwatchLogsExports: "EnableCloudwatchLogsExports",
        },
        when: isReplica,
      }),
      rds("RestoreDBInstanceToPointInTime", {
        members: {
          ...restorable,
          identifier: "TargetDBInstanceIdentifier",
          enabledCloudwatchLogsExports: "EnableCloudwatchLogsExports",
        },
        when: isRestored,
      }),
      // A promoted replica is only modified; a restored instance is modified once it exists.
      rds("ModifyDBInstance", {
        members: {
          ...anyInstance,
          ...windows,
          enabledCloudwatchLogsExports: "CloudwatchLogsExportConfiguration.EnableLogTypes",
        },
        when: (inputs) => isPromoted(inputs) || isRestored(inputs),
      }),
      // Parameters that a replica's call lacks, and those of modifications.
      rds("ModifyDBInstance", {
        members: { identifier: "DBInstanceIdentifier", ...windows },
        only: [
          "identifier",
          "applyImmediately",
          "allowMajorVersionUpgrade",
          "backupRetentionPeriod",
          ...Object.keys(windows),
        ],
      }),
      rds("DeleteDBInstance", {
        members: { identifier: "DBInstanceIdentifier", finalSnapshotIdentifier: "FinalDBSnapshotIdentifier" },
      }),
    ],
    elsewhere: {
      kmsKeyId: "a restored instance has that of its backups",
      username: "a restored instance has its source's",
      restoreToPointInTime: "an ARN and a switch, as they are: the models limit neither",
      storageEncrypted: "a replica takes it from its source",
      engine: "a replica takes it from its source",
      engineVersion: "a replica takes it from its source",
      engineLifecycleSupport: "a replica takes it from its source",
    },
  },
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": {
    calls: [
      rds("StartDBInstanceAutomatedBackupsReplication", {
        members: {
          sourceDbInstanceArn: "SourceDBInstanceArn",
          retentionPeriod: "BackupRetentionPeriod",
        },
      }),
    ],
  },
  "aws:rds/parameterGroup:ParameterGroup": {
    calls: [
      rds("CreateDBParameterGroup", {
        members: { name: "DBParameterGroupName", family: "DBParameterGroupFamily" },
        supplied: ["Description"],
      }),
      rds("ModifyDBParameterGroup", {
        members: {
          name: "DBParameterGroupName",
          "parameters.name": "ParameterName",
          "parameters.value": "ParameterValue",
        },
        only: ["name", "parameters"],
        when: ({ parameters }) => parameters !== undefined,
      }),
    ],
    elsewhere: { skipDestroy: "the provider leaves the group where it is" },
  },
  "aws:rds/subnetGroup:SubnetGroup": {
    calls: [
      rds("CreateDBSubnetGroup", {
        members: { name: "DBSubnetGroupName", description: "DBSubnetGroupDescription" },
        supplied: ["DBSubnetGroupDescription"],
      }),
    ],
  },
  "aws:rds/snapshot:Snapshot": { calls: [rds("CreateDBSnapshot")] },
  "aws:rds/proxy:Proxy": { calls: [rds("CreateDBProxy", { members: { name: "DBProxyName" } })] },
  "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": {
    calls: [rds("ModifyDBProxyTargetGroup", { supplied: ["TargetGroupName"] })],
  },
  "aws:rds/proxyTarget:ProxyTarget": { calls: [rds("RegisterDBProxyTargets")] },
  "aws:elasticache/parameterGroup:ParameterGroup": {
    calls: [
      elasticache("CreateCacheParameterGroup", {
        members: { name: "CacheParameterGroupName", family: "CacheParameterGroupFamily" },
        supplied: ["Description"],
      }),
      elasticache("ModifyCacheParameterGroup", {
        members: {
          name: "CacheParameterGroupName",
          parameters: "ParameterNameValues",
          "parameters.name": "ParameterName",
          "parameters.value": "ParameterValue",
        },
        only: ["name", "parameters"],
        when: ({ parameters }) => parameters !== undefined,
      }),
    ],
  },
  "aws:elasticache/subnetGroup:SubnetGroup": {
    calls: [
      elasticache("CreateCacheSubnetGroup", {
        members: { name: "CacheSubnetGroupName", description: "CacheSubnetGroupDescription" },
        supplied: ["CacheSubnetGroupDescription"],
      }),
    ],
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    calls: [
      elasticache("CreateReplicationGroup", {
        members: {
          description: "ReplicationGroupDescription",
          nodeType: "CacheNodeType",
          parameterGroupName: "CacheParameterGroupName",
          subnetGroupName: "CacheSubnetGroupName",
          maintenanceWindow: "PreferredMaintenanceWindow",
          "logDeliveryConfigurations.destination": "DestinationDetails.CloudWatchLogsDetails.LogGroup",
        },
      }),
      elasticache("DeleteReplicationGroup"),
    ],
    elsewhere: { applyImmediately: "when a later change takes effect" },
  },
  "aws:elasticache/user:User": { calls: [elasticache("CreateUser")] },
  "aws:elasticache/userGroup:UserGroup": { calls: [elasticache("CreateUserGroup")] },
  "aws:opensearch/domain:Domain": {
    calls: [
      opensearch("CreateDomain", {
        keys: { logPublishingOptions: "logType" },
        members: {
          ebsOptions: "EBSOptions",
          "ebsOptions.ebsEnabled": "EBSEnabled",
          vpcOptions: "VPCOptions",
          "logPublishingOptions.cloudwatchLogGroupArn": "CloudWatchLogsLogGroupArn",
          encryptAtRest: "EncryptionAtRestOptions",
          nodeToNodeEncryption: "NodeToNodeEncryptionOptions",
          advancedSecurityOptions: "AdvancedSecurityOptions",
          "advancedSecurityOptions.masterUserOptions.masterUserArn": "MasterUserARN",
          "domainEndpointOptions.enforceHttps": "EnforceHTTPS",
          "domainEndpointOptions.tlsSecurityPolicy": "TLSSecurityPolicy",
        },
      }),
    ],
  },
  "aws:efs/fileSystem:FileSystem": {
    calls: [
      efs("CreateFileSystem"),
      efs("PutLifecycleConfiguration", {
        only: ["lifecyclePolicies"],
        supplied: ["FileSystemId"],
        when: ({ lifecyclePolicies }) => lifecyclePolicies !== undefined,
      }),
    ],
    elsewhere: { protection: "a call of its own, UpdateFileSystemProtection" },
  },
  "aws:efs/fileSystemPolicy:FileSystemPolicy": { calls: [efs("PutFileSystemPolicy")] },
  "aws:efs/backupPolicy:BackupPolicy": { calls: [efs("PutBackupPolicy")] },
  "aws:efs/replicationConfiguration:ReplicationConfiguration": {
    calls: [efs("CreateReplicationConfiguration", { members: { destination: "Destinations" } })],
  },
  "aws:efs/mountTarget:MountTarget": { calls: [efs("CreateMountTarget")] },
  "aws:efs/accessPoint:AccessPoint": { calls: [efs("CreateAccessPoint")] },
};
