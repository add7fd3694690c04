import { typeOf } from "./providers/service";

/**
 * Types that hold what can't be made again: a change of their URN without an alias, or a replacement, loses it.
 */
export const statefulTypes: ReadonlySet<string> = new Set([
  "aws:rds/instance:Instance",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:s3/bucket:Bucket",
  "aws:efs/fileSystem:FileSystem",
  "aws:kms/key:Key",
  "aws:secretsmanager/secret:Secret",
  "aws:backup/vault:Vault",
  "aws:sqs/queue:Queue",
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

/** Whether the resource with this URN holds what can't be made again. */
export const isStateful = (urn: string) => statefulTypes.has(typeOf(urn));
