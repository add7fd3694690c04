import type { Policies, PolicyResource } from "@pulumi/policy";
import { between, given, is, like, unlessSet } from "../../standards/tests";
import { onStack } from "../lib/control";
import { ofType, refersTo } from "../lib/joins";
import { must, type Whole } from "../lib/must";
import { isRecord, plain } from "../lib/wire";
import { isPromoted, isRemoteReplica, type Instance } from "./rds-instance";

const docs = "https://docs.aws.amazon.com";

const instanceOf = ({ props }: PolicyResource) => plain(props) as Instance;

/** Buckets that others write their access logs to. */
const logBuckets = (resources: PolicyResource[]) =>
  new Set(
    ofType(resources, "aws:s3/bucketLogging:BucketLogging").map(
      ({ props }) => (plain(props) as { targetBucket?: unknown }).targetBucket,
    ),
  );

/** Buckets without data of a system: exports of the first region's cluster, reports on its backups, the account's audit. */
const withoutCopy = /-(configuration|vault-reports|audit)-bucket$/;

/** Whether buckets are replicated to the account's audit bucket: audit-rows.ts has those. */
export const copiesToAudit = ({ props }: Pick<Whole, "props">): boolean =>
  JSON.stringify(props.rules ?? "").includes("-audit-");
const copiesData = (whole: Whole) => !copiesToAudit(whole);

/** Whether a file system is the destination of others, which may overwrite it. */
const takesCopies = ({ props }: PolicyResource): boolean => {
  const { protection } = plain(props) as { protection?: { replicationOverwrite?: unknown } };
  return protection?.replicationOverwrite === "DISABLED";
};

/** Whether a replication goes to a file system that is there already, with a key of its own. */
const namesDestination = (props: Record<string, unknown>): boolean =>
  isRecord(props.destination) && props.destination.fileSystemId !== undefined;

/** Copies of data in another region. */
export const replicationRows: Policies = [
  must(
    ["aws:s3/bucketReplicationConfig:BucketReplicationConfig"],
    {
      name: "s3-replication-complete",
      description:
        "A replicated bucket is replicated whole, with its deletions and metrics, and encrypted with a key there.",
      severity: "high",
      remediation:
        "Set each rule's status, deleteMarkerReplication, sseKmsEncryptedObjects and metrics to Enabled, its filter to an empty prefix, and replicaKmsKeyId.",
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
      ["rules[].destination.bucket", like(/^arn:aws[\w-]*:s3:::./, "the ARN of a bucket")],
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
        "Replicated backups of a database are kept for a week at least, encrypted with a key there.",
      severity: "high",
      remediation:
        "Set sourceDbInstanceArn, kmsKeyId to a key of that region, and retentionPeriod to 7 or more.",
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
      description: "The copy of a file system is encrypted with a customer managed key of its region.",
      severity: "high",
      remediation:
        "Set destination.region, and destination.kmsKeyId to a key of that region, or destination.fileSystemId.",
      url: `${docs}/efs/latest/ug/efs-replication.html`,
    },
    [
      ["sourceFileSystemId", given],
      ["destination.region", given],
      // A file system of the stack's own has its key: efs-encrypted.
      ["destination.kmsKeyId", given, ({ props }) => !namesDestination(props)],
    ],
  ),
  must(
    ["aws:secretsmanager/secret:Secret"],
    {
      name: "secretsmanager-replica-key",
      description: "A secret's replica is encrypted with a customer managed key of its region.",
      severity: "high",
      remediation: "Set region and kmsKeyId of each of replicas.",
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
        "If a second region has copies, it has one of every database and file system, and of every bucket of a system.",
      severity: "high",
      remediation:
        "Add a read replica there or aws.rds.InstanceAutomatedBackupsReplication for the database, aws.s3.BucketReplicationConfig for the bucket, aws.efs.ReplicationConfiguration for the file system.",
      url: `${docs}/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_disaster_recovery.html`,
    },
    (resources, report) => {
      const databases = ofType(resources, "aws:rds/instance:Instance");
      const replicas = databases.filter((one) => isRemoteReplica(instanceOf(one)));
      const backups = ofType(
        resources,
        "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
      );
      // A promoted replica no longer says whose copy it was.
      const promoted = databases.some((one) => isPromoted(instanceOf(one)));
      if (replicas.length + backups.length > 0 && !promoted)
        for (const one of databases) {
          const { replicateSourceDb, restoreToPointInTime } = instanceOf(one);
          const isCopied =
            replicas.some((copy) => refersTo(copy, "replicateSourceDb", one, "arn")) ||
            backups.some((copy) => refersTo(copy, "sourceDbInstanceArn", one, "arn"));
          if (replicateSourceDb === undefined && restoreToPointInTime === undefined && !isCopied)
            report(`${one.name} has no copy in the second region, as other databases have.`, one.urn);
        }
      const shared = ofType(resources, "aws:efs/replicationConfiguration:ReplicationConfiguration");
      if (shared.length > 0)
        for (const one of ofType(resources, "aws:efs/fileSystem:FileSystem"))
          if (!shared.some((each) => refersTo(each, "sourceFileSystemId", one, "id")) && !takesCopies(one))
            report(`${one.name} isn't replicated, as other file systems are.`, one.urn);
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
            report(`${one.name} isn't replicated, as other buckets are.`, one.urn);
    },
  ),
];
