import type { PlannedResource } from "../report/json";

/**
 * Types that hold what can't be made again: a change of their URN without an alias, or a replacement, loses it.
 *
 * What holds nothing by itself isn't among them, though others are lost with it for a while: access points and volumes
 * lead to the files of a file system, a proxy to a database. Nor are versions of secrets: a rotated one is written by
 * rotation, and the others follow from what they are made of.
 */
export const statefulTypes: ReadonlySet<string> = new Set([
  "aws:rds/instance:Instance",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:s3/bucket:Bucket",
  "aws:efs/fileSystem:FileSystem",
  // The logs of databases are their audit.
  "aws:cloudwatch/logGroup:LogGroup",
  // People have confirmed its subscriptions: those of a new one are silent until they do so again.
  "aws:sns/topic:Topic",
  "aws:kms/key:Key",
  "aws:kms/replicaKey:ReplicaKey",
  "aws:secretsmanager/secret:Secret",
  "aws:backup/vault:Vault",
  "aws:sqs/queue:Queue",
  // Metrics of as many days as its configuration says.
  "aws:amp/workspace:Workspace",
  "aws:ecr/repository:Repository",
  "aws:route53/zone:Zone",
  "aws:eks/cluster:Cluster",
  "aws:ec2/vpc:Vpc",
  "kubernetes:core/v1:Namespace",
  "kubernetes:core/v1:PersistentVolumeClaim",
  "kubernetes:apps/v1:StatefulSet",
  "kubernetes:jetstream.nats.io/v1beta2:Stream",
  "random:index/randomPassword:RandomPassword",
]);

/** Whether a resource of a plan is lost with what it holds. The data of a read replica are its primary's. */
export const isStateful = ({ type, inputs }: Pick<PlannedResource, "type" | "inputs">): boolean =>
  statefulTypes.has(type) && inputs.replicateSourceDb === undefined;
