import { sample, scenario, unknown } from "../scenario";

const instance = "aws:rds/instance:Instance";

const primary = () =>
  sample(
    instance,
    {
      engine: "postgres",
      engineVersion: "18",
      instanceClass: "db.t4g.medium",
      allocatedStorage: 20,
      storageEncrypted: true,
      kmsKeyId: unknown,
      publiclyAccessible: false,
      backupRetentionPeriod: 14,
      parameterGroupName: unknown,
      deletionProtection: true,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: "ams-final",
      enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      autoMinorVersionUpgrade: true,
      copyTagsToSnapshot: true,
      engineLifecycleSupport: "open-source-rds-extended-support-disabled",
    },
    { protect: true },
  );

export const databases = [
  scenario("a protected database", { db: primary() }, [
    ["rds-storage-encrypted", ({ db }) => delete db.props.storageEncrypted],
    ["rds-own-key", ({ db }) => delete db.props.kmsKeyId],
    ["rds-not-public", ({ db }) => delete db.props.publiclyAccessible],
    ["rds-not-public", ({ db }) => (db.props.publiclyAccessible = true)],
    ["rds-backup-retention", ({ db }) => (db.props.backupRetentionPeriod = 6)],
    ["rds-backup-retention", ({ db }) => delete db.props.backupRetentionPeriod],
    ["rds-custom-parameter-group", ({ db }) => delete db.props.parameterGroupName],
    ["rds-custom-parameter-group", ({ db }) => (db.props.parameterGroupName = "default.postgres17")],
    ["rds-deletion-protection", ({ db }) => delete db.props.deletionProtection],
    ["rds-deletion-protection", ({ db }) => (db.protect = false)],
    ["rds-final-snapshot", ({ db }) => (db.props.skipFinalSnapshot = true)],
    ["rds-final-snapshot", ({ db }) => delete db.props.finalSnapshotIdentifier],
    ["rds-log-exports", ({ db }) => (db.props.enabledCloudwatchLogsExports = ["upgrade"])],
    ["rds-minor-upgrades", ({ db }) => (db.props.autoMinorVersionUpgrade = false)],
    ["rds-copy-tags", ({ db }) => delete db.props.copyTagsToSnapshot],
    ["rds-no-extended-support", ({ db }) => delete db.props.engineLifecycleSupport],
    ["rds-engine-lifecycle", ({ db }) => (db.props.engineVersion = "13.20")],
  ]),
  scenario(
    "an unprotected database",
    {
      db: sample(instance, {
        ...primary().props,
        deletionProtection: false,
        skipFinalSnapshot: true,
        finalSnapshotIdentifier: undefined,
        backupRetentionPeriod: 1,
      }),
    },
    [
      ["rds-deletion-protection", ({ db }) => (db.props.deletionProtection = true)],
      ["rds-final-snapshot", ({ db }) => (db.props.skipFinalSnapshot = false)],
      ["rds-backup-retention", ({ db }) => (db.props.backupRetentionPeriod = 0)],
    ],
  ),
  scenario(
    "a read replica, which inherits encryption, backups and parameters",
    {
      replica: sample(
        instance,
        {
          replicateSourceDb: "plinth-ams",
          instanceClass: "db.t4g.medium",
          publiclyAccessible: false,
          skipFinalSnapshot: true,
          deletionProtection: true,
          copyTagsToSnapshot: true,
          enabledCloudwatchLogsExports: ["postgresql"],
        },
        { protect: true },
      ),
    },
    [
      ["rds-not-public", ({ replica }) => (replica.props.publiclyAccessible = true)],
      ["rds-deletion-protection", ({ replica }) => (replica.props.deletionProtection = false)],
      // A replica that names its source by ARN is in another region, where the source's key and groups don't exist.
      [
        ["rds-custom-parameter-group", "rds-own-key"],
        ({ replica }) => (replica.props.replicateSourceDb = "arn:aws:rds:ap-northeast-2:1:db:plinth-ams"),
      ],
      ["rds-log-exports", ({ replica }) => delete replica.props.enabledCloudwatchLogsExports],
    ],
  ),
  scenario(
    "parameter groups",
    {
      postgres: sample("aws:rds/parameterGroup:ParameterGroup", {
        family: "postgres14",
        parameters: [
          { name: "max_connections", value: "200", applyMethod: "pending-reboot" },
          { name: "rds.force_ssl", value: "1" },
        ],
      }),
      mysql: sample("aws:rds/parameterGroup:ParameterGroup", {
        family: "mysql8.4",
        parameters: [{ name: "require_secure_transport", value: "1" }],
      }),
    },
    [
      ["rds-force-ssl", ({ postgres }) => (postgres.props.parameters = [])],
      [
        "rds-force-ssl",
        ({ postgres }) => (postgres.props.parameters = [{ name: "rds.force_ssl", value: "0" }]),
      ],
      ["rds-force-ssl", ({ mysql }) => delete mysql.props.parameters],
      ["rds-force-ssl", ({ postgres }) => (postgres.props.family = "oracle-ee-19")],
    ],
  ),
  scenario(
    "an RDS proxy and a DB cluster",
    {
      proxy: sample("aws:rds/proxy:Proxy", { engineFamily: "POSTGRESQL", requireTls: true }),
      cluster: sample("aws:rds/cluster:Cluster", {
        engine: "postgres",
        storageEncrypted: true,
        kmsKeyId: unknown,
      }),
    },
    [
      ["rds-proxy-requires-tls", ({ proxy }) => delete proxy.props.requireTls],
      ["rds-cluster-encrypted", ({ cluster }) => (cluster.props.storageEncrypted = false)],
      ["rds-cluster-encrypted", ({ cluster }) => delete cluster.props.kmsKeyId],
    ],
  ),
  scenario(
    "ElastiCache",
    {
      cache: sample(
        "aws:elasticache/replicationGroup:ReplicationGroup",
        {
          engine: "valkey",
          numCacheClusters: 2,
          transitEncryptionEnabled: true,
          transitEncryptionMode: "required",
          atRestEncryptionEnabled: true,
          kmsKeyId: unknown,
          userGroupIds: [unknown],
          automaticFailoverEnabled: true,
          multiAzEnabled: true,
          snapshotRetentionLimit: 7,
        },
        { protect: true },
      ),
      user: sample("aws:elasticache/user:User", {
        engine: "valkey",
        accessString: "on ~* &* +@all -@dangerous +info",
      }),
      member: sample("aws:elasticache/cluster:Cluster", { replicationGroupId: unknown }),
      serverless: sample("aws:elasticache/serverlessCache:ServerlessCache", {
        engine: "valkey",
        kmsKeyId: unknown,
        userGroupId: unknown,
      }),
    },
    [
      ["elasticache-transit-encryption", ({ cache }) => delete cache.props.transitEncryptionEnabled],
      ["elasticache-transit-required", ({ cache }) => (cache.props.transitEncryptionMode = "preferred")],
      ["elasticache-at-rest-encryption", ({ cache }) => delete cache.props.atRestEncryptionEnabled],
      ["elasticache-own-key", ({ cache }) => delete cache.props.kmsKeyId],
      ["elasticache-authentication", ({ cache }) => (cache.props.userGroupIds = [])],
      ["elasticache-failover", ({ cache }) => delete cache.props.automaticFailoverEnabled],
      ["elasticache-failover", ({ cache }) => (cache.props.multiAzEnabled = false)],
      ["elasticache-snapshots", ({ cache }) => delete cache.props.snapshotRetentionLimit],
      ["elasticache-user-not-dangerous", ({ user }) => (user.props.accessString = "on ~* &* +@all")],
      [
        "elasticache-user-not-dangerous",
        ({ user }) => (user.props.accessString = "on ~* &* -@dangerous +@all"),
      ],
      [
        "elasticache-user-not-dangerous",
        ({ user }) => (user.props.accessString = "on ~* &* +@all -@dangerous +@dangerous"),
      ],
      ["elasticache-no-lone-cluster", ({ member }) => delete member.props.replicationGroupId],
      ["elasticache-serverless-secured", ({ serverless }) => delete serverless.props.userGroupId],
      ["elasticache-serverless-secured", ({ serverless }) => delete serverless.props.kmsKeyId],
    ],
  ),
];
