import type { Policies, PolicyResource } from "@pulumi/policy";
import { between, given, is, like, unlessSet } from "../../standards/tests";
import { onStack } from "../lib/control";
import { ofType, refersTo } from "../lib/joins";
import { must, type Whole } from "../lib/must";
import { isRecord, plain } from "../lib/wire";
import { isPromoted, isRemoteReplica, type Instance } from "./rds-instance";

const docs = "https://docs.aws.amazon.com";

const instanceOf = ({ props }: PolicyResource) => plain(props) as Instance;

/** Buckets that are the target of access logs. */
const logBuckets = (resources: PolicyResource[]) =>
  new Set(
    ofType(resources, "aws:s3/bucketLogging:BucketLogging").map(
      ({ props }) => (plain(props) as { targetBucket?: unknown }).targetBucket,
    ),
  );

/** Buckets without system data: configuration of the first region's cluster, backup reports, and audit logs. */
const withoutCopy = /-(configuration|vault-reports|audit)-bucket$/;

/** Whether the replication is to the account's audit bucket, which `audit-rows.ts` checks. */
export const copiesToAudit = ({ props }: Pick<Whole, "props">): boolean =>
  JSON.stringify(props.rules ?? "").includes("-audit-");
const copiesData = (whole: Whole) => !copiesToAudit(whole);

/** Whether a file system is the destination of a replication. */
const takesCopies = ({ props }: PolicyResource): boolean => {
  const { protection } = plain(props) as { protection?: { replicationOverwrite?: unknown } };
  return protection?.replicationOverwrite === "DISABLED";
};

/** Whether the destination is an existing file system, which has its own key. */
const namesDestination = (props: Record<string, unknown>): boolean =>
  isRecord(props.destination) && props.destination.fileSystemId !== undefined;

/** Replication of data to another region. */
export const replicationRows: Policies = [
  must(
    ["aws:s3/bucketReplicationConfig:BucketReplicationConfig"],
    {
      name: "s3-replication-complete",
      description:
        "S3 replication must copy all objects and delete markers, publish metrics, and encrypt replicas with a KMS key of the destination region.",
      severity: "high",
      remediation:
        'In each rule, set status, deleteMarkerReplication.status, sourceSelectionCriteria.sseKmsEncryptedObjects.status and destination.metrics.status to Enabled, filter.prefix to "", and destination.encryptionConfiguration.replicaKmsKeyId.',
      url: `${docs}/AmazonS3/latest/userguide/replication-config-for-kms-objects.html`,
    },
    [
      ["bucket", given],
      ["role", given],
      ["rules", given],
      ["rules[].status", is("Enabled")],
      ["rules[].filter.prefix", is(""), copiesData],
      ["rules[].deleteMarkerReplication.status", is("Enabled"), copiesData],
      ["rules[].sourceSelectionCriteria.sseKmsEncryptedObjects.status", is("Enabled")],
      ["rules[].destination.bucket", like(/^arn:aws[\w-]*:s3:::./, "the ARN of an S3 bucket")],
      ["rules[].destination.encryptionConfiguration.replicaKmsKeyId", given],
      ["rules[].destination.replicationTime.status", unlessSet("Enabled")],
      ["rules[].destination.replicationTime.time.minutes", unlessSet(15)],
      ["rules[].destination.metrics.status", is("Enabled")],
      ["rules[].destination.metrics.eventThreshold.minutes", unlessSet(15)],
    ],
  ),
  must(
    ["aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"],
    {
      name: "rds-backups-replicated",
      description:
        "Replicated RDS automated backups must be kept for at least 7 days and encrypted with a KMS key of the destination region.",
      severity: "high",
      remediation:
        "Set sourceDbInstanceArn, kmsKeyId to a key of the destination region, and retentionPeriod to 7 or more.",
      url: `${docs}/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html`,
    },
    [
      ["sourceDbInstanceArn", given],
      ["kmsKeyId", given],
      ["retentionPeriod", between(7, 35)],
    ],
  ),
  must(
    ["aws:efs/replicationConfiguration:ReplicationConfiguration"],
    {
      name: "efs-replication-key",
      description:
        "EFS replicas must be encrypted at rest with a customer managed KMS key of the destination region.",
      severity: "high",
      remediation:
        "Set sourceFileSystemId and destination.region, and destination.kmsKeyId to a key of that region or destination.fileSystemId.",
      url: `${docs}/efs/latest/ug/efs-replication.html`,
    },
    [
      ["sourceFileSystemId", given],
      ["destination.region", given],
      // efs-encrypted checks the key of an existing file system.
      ["destination.kmsKeyId", given, ({ props }) => !namesDestination(props)],
    ],
  ),
  must(
    ["aws:secretsmanager/secret:Secret"],
    {
      name: "secretsmanager-replica-key",
      description:
        "Replicas of Secrets Manager secrets must be encrypted with a customer managed KMS key of their region.",
      severity: "high",
      remediation: "In each entry of replicas, set region and kmsKeyId. Remove forceOverwriteReplicaSecret.",
      url: `${docs}/secretsmanager/latest/userguide/replicate-secrets.html`,
    },
    [
      ["replicas[].region", given],
      ["replicas[].kmsKeyId", given],
      ["forceOverwriteReplicaSecret", unlessSet(false)],
    ],
  ),
  onStack(
    {
      name: "copies-complete",
      description:
        "Stacks that replicate data to a second region must replicate every database, file system and bucket.",
      severity: "high",
      remediation:
        "For a database, add a read replica in the second region or an aws.rds.InstanceAutomatedBackupsReplication. For a bucket, add an aws.s3.BucketReplicationConfig. For a file system, add an aws.efs.ReplicationConfiguration.",
      url: `${docs}/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_disaster_recovery.html`,
    },
    (resources, report) => {
      const databases = ofType(resources, "aws:rds/instance:Instance");
      const replicas = databases.filter((one) => isRemoteReplica(instanceOf(one)));
      const backups = ofType(
        resources,
        "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
      );
      // A promoted replica doesn't name its source any more.
      const promoted = databases.some((one) => isPromoted(instanceOf(one)));
      if (replicas.length + backups.length > 0 && !promoted)
        for (const one of databases) {
          const { replicateSourceDb, restoreToPointInTime } = instanceOf(one);
          const isCopied =
            replicas.some((copy) => refersTo(copy, "replicateSourceDb", one, "arn")) ||
            backups.some((copy) => refersTo(copy, "sourceDbInstanceArn", one, "arn"));
          if (replicateSourceDb === undefined && restoreToPointInTime === undefined && !isCopied)
            report(`${one.name} has no copy in the second region; other databases have one.`, one.urn);
        }
      const shared = ofType(resources, "aws:efs/replicationConfiguration:ReplicationConfiguration");
      if (shared.length > 0)
        for (const one of ofType(resources, "aws:efs/fileSystem:FileSystem"))
          if (!shared.some((each) => refersTo(each, "sourceFileSystemId", one, "id")) && !takesCopies(one))
            report(`${one.name} is not replicated; other file systems are.`, one.urn);
      const replications = ofType(resources, "aws:s3/bucketReplicationConfig:BucketReplicationConfig").filter(
        ({ props }) => !copiesToAudit({ props: plain(props) as Whole["props"] }),
      );
      const logs = logBuckets(resources);
      if (replications.length > 0)
        for (const one of ofType(resources, "aws:s3/bucket:Bucket"))
          if (
            !withoutCopy.test(one.name) &&
            !logs.has((plain(one.props) as { bucket?: unknown }).bucket) &&
            !replications.some((each) => refersTo(each, "bucket", one, "bucket"))
          )
            report(`${one.name} is not replicated; other buckets are.`, one.urn);
    },
  ),
];
