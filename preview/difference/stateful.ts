import type { PlannedResource } from "../report/json";

/**
 * Types whose data can't be recreated: a change of their URN without an alias, or a replacement, loses it.
 *
 * Types without data of their own aren't among them, though their loss makes data unreachable for a while: access
 * points and volumes give access to a file system, a proxy to a database. Nor are versions of secrets: rotation writes
 * the rotated ones, and the others are derived from their sources.
 */
export const statefulTypes: ReadonlySet<string> = new Set([
  "aws:rds/instance:Instance",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:s3/bucket:Bucket",
  "aws:efs/fileSystem:FileSystem",
  // The logs of databases are their audit.
  "aws:cloudwatch/logGroup:LogGroup",
  // People have confirmed its subscriptions: those of a new topic stay silent until they are confirmed again.
  "aws:sns/topic:Topic",
  "aws:kms/key:Key",
  "aws:kms/replicaKey:ReplicaKey",
  "aws:secretsmanager/secret:Secret",
  "aws:backup/vault:Vault",
  "aws:sqs/queue:Queue",
  // Metrics of the configured retention.
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

/** Whether a resource of a plan is lost with its data. The data of a read replica is its primary's. */
export const isStateful = ({ type, inputs }: Pick<PlannedResource, "type" | "inputs">): boolean =>
  statefulTypes.has(type) && inputs.replicateSourceDb === undefined;
