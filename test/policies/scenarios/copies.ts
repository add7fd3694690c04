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

/** A second region, which holds copies. */
export const copies = [
  scenario(
    "databases with copies in a second region",
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
];
