/** Stateful resources, and the arguments whose change replaces them. */
export interface Stateful {
  /**
   * Arguments set by Plinth whose change replaces the resource. Source: the provider's schema (`ForceNew`), checked
   * with the engine against in-memory providers.
   */
  readonly replacedBy: readonly string[];
  /** Deletion protection besides Pulumi's `protect` in a protected environment: argument and value. */
  readonly guard: Readonly<Record<string, unknown>>;
  /** Why there is none, or the alternative. */
  readonly note?: string;
  /** Why it isn't protected by Pulumi. */
  readonly unprotected?: string;
  /** The only stack that has it. Default: each that is protected. */
  readonly only?: string;
}

export const statefulTypes: Readonly<Record<string, Stateful>> = {
  "aws:rds/instance:Instance": {
    replacedBy: [
      "availabilityZone",
      "dbName",
      "engine",
      "kmsKeyId",
      "snapshotIdentifier",
      "storageEncrypted",
      "username",
    ],
    guard: { deletionProtection: true },
    note: "a primary also leaves a final snapshot; a replica's data are its primary's",
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    replacedBy: [
      "replicationGroupId",
      "atRestEncryptionEnabled",
      "kmsKeyId",
      "networkType",
      "port",
      "snapshotName",
      "subnetGroupName",
    ],
    guard: {},
    note: "ElastiCache has no deletion protection; a final snapshot is taken",
  },
  "aws:s3/bucket:Bucket": {
    replacedBy: ["bucket", "objectLockEnabled"],
    guard: {},
    note: "S3 deletes no bucket that holds objects, unless forceDestroy",
  },
  "aws:efs/fileSystem:FileSystem": {
    replacedBy: ["availabilityZoneName", "creationToken", "encrypted", "kmsKeyId", "performanceMode"],
    guard: {},
    note: "EFS deletes no file system that has mount targets; backups are kept",
  },
  "aws:amp/workspace:Workspace": {
    replacedBy: ["kmsKeyArn"],
    guard: {},
    note: "the service deletes a workspace with its metrics",
    only: "prod",
  },
  "aws:sqs/queue:Queue": {
    replacedBy: ["name", "fifoQueue"],
    guard: {},
    note: "SQS has no deletion protection",
  },
  "aws:kms/key:Key": {
    replacedBy: ["customerMasterKeySpec", "keyUsage", "multiRegion"],
    guard: { deletionWindowInDays: 30 },
  },
  "aws:secretsmanager/secret:Secret": {
    replacedBy: ["name"],
    guard: { recoveryWindowInDays: 30 },
  },
  "aws:eks/cluster:Cluster": {
    replacedBy: ["name", "roleArn", "kubernetesNetworkConfig.serviceIpv4Cidr"],
    guard: { deletionProtection: true },
  },
  "kubernetes:jetstream.nats.io/v1beta2:Stream": {
    replacedBy: ["metadata.name", "metadata.namespace"],
    guard: { "spec.preventDelete": true },
  },
  "random:index/randomPassword:RandomPassword": {
    replacedBy: ["length", "special", "keepers"],
    guard: {},
    unprotected: "a constant of the program makes it; what has used it is an entry that can be brought back",
  },
};
