import { sample, scenario, unknown } from "../scenario";

const instance = "aws:rds/instance:Instance";
const database = (more: object) =>
  sample(instance, {
    engine: "postgres",
    engineVersion: "17",
    engineLifecycleSupport: "open-source-rds-extended-support-disabled",
    instanceClass: "db.t4g.medium",
    allocatedStorage: 20,
    storageEncrypted: true,
    kmsKeyId: unknown,
    publiclyAccessible: false,
    backupRetentionPeriod: 14,
    parameterGroupName: unknown,
    deletionProtection: false,
    skipFinalSnapshot: true,
    autoMinorVersionUpgrade: true,
    copyTagsToSnapshot: true,
    enabledCloudwatchLogsExports: ["postgresql"],
    ...more,
  });

/** A rule that copies one kind of log to the account's audit bucket. */
const copyOfLogs = (more: object) => ({
  id: "logs",
  status: "Enabled",
  priority: 0,
  filter: { prefix: "logs/" },
  deleteMarkerReplication: { status: "Disabled" },
  sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
  destination: {
    bucket: "arn:aws:s3:::plinth-audit-111122223333",
    encryptionConfiguration: { replicaKmsKeyId: unknown },
    metrics: { status: "Enabled" },
  },
  ...more,
});

/** A second region, which holds copies, and an account's audit bucket, which holds those of logs. */
export const copies = [
  scenario(
    "databases, file systems and buckets with copies in a second region",
    {
      assets: database({}),
      replica: sample(
        instance,
        {
          ...database({}).props,
          engine: undefined,
          backupRetentionPeriod: undefined,
          replicateSourceDb: unknown,
        },
        { refs: { replicateSourceDb: ["assets"] } },
      ),
      ams: database({}),
      backups: sample(
        "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
        { sourceDbInstanceArn: unknown, kmsKeyId: unknown, retentionPeriod: 35 },
        { refs: { sourceDbInstanceArn: ["ams"] } },
      ),
    },
    [
      ["copies-complete", ({ backups }) => (backups.refs = { sourceDbInstanceArn: ["assets"] })],
      ["copies-complete", ({ replica }) => (replica.refs = { replicateSourceDb: ["ams"] })],
      ["rds-own-key", ({ replica }) => delete replica.props.kmsKeyId],
    ],
  ),
  scenario(
    "log replication to the audit bucket",
    {
      logs: sample("aws:s3/bucketReplicationConfig:BucketReplicationConfig", {
        bucket: unknown,
        role: unknown,
        rules: [copyOfLogs({})],
      }),
    },
    [
      ["s3-audit-copies-kept", ({ logs }) => (logs.props.rules = [copyOfLogs({ filter: { prefix: "" } })])],
      [
        "s3-audit-copies-kept",
        ({ logs }) => (logs.props.rules = [copyOfLogs({ deleteMarkerReplication: { status: "Enabled" } })]),
      ],
      ["s3-replication-complete", ({ logs }) => (logs.props.rules = [copyOfLogs({ status: "Disabled" })])],
    ],
  ),
];
