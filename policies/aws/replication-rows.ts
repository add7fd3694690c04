import type { Policies } from "@pulumi/policy";
import { between, given, is, like, unlessSet } from "../../standards/tests";
import { must } from "../lib/must";

const docs = "https://docs.aws.amazon.com";

/** Copies of data in another region, property by property. */
export const replicationRows: Policies = [
  must(
    ["aws:s3/bucketReplicationConfig:BucketReplicationConfig"],
    {
      name: "s3-replication-complete",
      description:
        "A replicated bucket is replicated whole, with its deletions, and encrypted with a key there.",
      severity: "high",
      remediation:
        "Set each rule's status, deleteMarkerReplication and sseKmsEncryptedObjects to Enabled, its filter to an empty prefix, and replicaKmsKeyId.",
      url: `${docs}/AmazonS3/latest/userguide/replication-config-for-kms-objects.html`,
    },
    [
      ["bucket", given],
      ["role", given],
      ["rules", given],
      ["rules[].status", is("Enabled")],
      ["rules[].filter.prefix", is("")],
      ["rules[].deleteMarkerReplication.status", is("Enabled")],
      ["rules[].sourceSelectionCriteria.sseKmsEncryptedObjects.status", is("Enabled")],
      ["rules[].destination.bucket", like(/^arn:aws[\w-]*:s3:::./, "the ARN of a bucket")],
      ["rules[].destination.encryptionConfiguration.replicaKmsKeyId", given],
      ["rules[].destination.replicationTime.status", unlessSet("Enabled")],
      ["rules[].destination.replicationTime.time.minutes", unlessSet(15)],
      ["rules[].destination.metrics.status", unlessSet("Enabled")],
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
];
