import type { Policies } from "@pulumi/policy";
import { absent, between, given, having, is, like, must, unlessSet, type Whole } from "../lib/must";

const docs = "https://docs.aws.amazon.com";
const whereProtected = ({ protect }: Whole) => protect;
const primary = ({ props }: Whole) => props.replicateSourceDb === undefined;
const parameter = (name: string, value: RegExp) =>
  having(
    (item) =>
      (item as { name?: string }).name === name && value.test(String((item as { value?: unknown }).value)),
    `a list with a fitting ${name}`,
  );
const postgres = ({ props }: Whole) => String(props.family).startsWith("postgres");

/** What holds data, property by property: rows beside the rules that need more than a row. */
export const state: Policies = [
  must(
    ["aws:rds/instance:Instance"],
    {
      name: "rds-hardened",
      description:
        "A database is in our network, watched, and known by a certificate that clients can check.",
      severity: "high",
      remediation: "Set what is named: networks, certificate, monitoring, and keys for what is recorded.",
      url: `${docs}/securityhub/latest/userguide/rds-controls.html`,
    },
    [
      ["vpcSecurityGroupIds", given],
      ["dbSubnetGroupName", given, primary],
      ["caCertIdentifier", like(/^rds-ca-(rsa(2048|4096)|ecc384)-g1$/, "an RDS certificate of today")],
      ["monitoringInterval", is(1, 5, 10, 15, 30, 60)],
      ["monitoringRoleArn", given],
      ["performanceInsightsEnabled", is(true)],
      ["performanceInsightsKmsKeyId", given],
      [
        "username",
        like(/^(?!(admin|administrator|postgres|root|sa|master)$).+/i, "a name of our own"),
        primary,
      ],
      ["deleteAutomatedBackups", is(false), (whole) => whole.protect && primary(whole)],
      ["multiAz", is(true), (whole) => whole.protect && primary(whole)],
      ["backupRetentionPeriod", between(1, 35), primary],
      ["storageEncrypted", is(true)],
      ["iamDatabaseAuthenticationEnabled", unlessSet(true, false)],
    ],
  ),
  must(
    ["aws:rds/parameterGroup:ParameterGroup"],
    {
      name: "rds-parameters-audited",
      description:
        "A database's server records changes of tables and roles, and refuses old TLS and passwords.",
      severity: "high",
      remediation:
        "Keep pgaudit in shared_preload_libraries and pgaudit.log with ddl and role; leave ssl_min_protocol_version at TLSv1.2 or above and password_encryption at scram-sha-256.",
      url: `${docs}/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.pgaudit.html`,
    },
    [
      ["parameters", parameter("shared_preload_libraries", /pgaudit/), postgres],
      ["parameters", parameter("pgaudit.log", /^(?=.*\b(ddl|all)\b)(?=.*\b(role|all)\b)/), postgres],
      ["parameters", parameter("pgaudit.role", /./), postgres],
      ["parameters", without("ssl_min_protocol_version", /^TLSv1\.[23]$/), postgres],
      ["parameters", without("password_encryption", /^scram-sha-256$/), postgres],
      ["parameters", without("log_statement_sample_rate", /./), postgres],
    ],
  ),
  must(
    ["aws:rds/proxy:Proxy"],
    {
      name: "rds-proxy-logins",
      description: "A proxy asks for SCRAM passwords from Secrets Manager, and writes no statement to a log.",
      severity: "high",
      remediation: "Set each of auths as named, and leave debugLogging out.",
      url: `${docs}/AmazonRDS/latest/UserGuide/rds-proxy-setup.html`,
    },
    [
      ["auths", given],
      ["auths[].authScheme", is("SECRETS")],
      ["auths[].secretArn", given],
      ["auths[].clientPasswordAuthType", unlessSet("POSTGRES_SCRAM_SHA_256", "MYSQL_CACHING_SHA2_PASSWORD")],
      ["debugLogging", unlessSet(false)],
      ["vpcSecurityGroupIds", given],
      ["roleArn", given],
      ["requireTls", is(true)],
    ],
  ),
  must(
    ["aws:rds/snapshot:Snapshot"],
    {
      name: "rds-snapshot-not-shared",
      description: "No snapshot of a database is shared with another account.",
      severity: "critical",
      remediation: "Remove sharedAccounts.",
      url: `${docs}/securityhub/latest/userguide/rds-controls.html#rds-1`,
    },
    [["sharedAccounts", absent]],
  ),
  must(
    ["aws:elasticache/replicationGroup:ReplicationGroup"],
    {
      name: "elasticache-hardened",
      description: "A cache is in our network and takes security updates by itself.",
      severity: "medium",
      remediation: "Set securityGroupIds and subnetGroupName, and autoMinorVersionUpgrade to true.",
      url: `${docs}/securityhub/latest/userguide/elasticache-controls.html`,
    },
    [
      ["securityGroupIds", given],
      ["subnetGroupName", given],
      ["autoMinorVersionUpgrade", is(true)],
      ["finalSnapshotIdentifier", given, whereProtected],
      ["logDeliveryConfigurations", given],
    ],
  ),
  must(
    ["aws:elasticache/user:User"],
    {
      name: "elasticache-user-asked",
      description: "A cache's user has a password, and is none that everybody knows.",
      severity: "critical",
      remediation:
        "Set passwords (or authenticationMode.type password or iam), and no nopass in accessString.",
      url: `${docs}/AmazonElastiCache/latest/dg/Clusters.RBAC.html`,
    },
    [
      ["passwords", given, ({ props }) => props.authenticationMode === undefined],
      [
        "authenticationMode.type",
        is("password", "iam"),
        ({ props }) => props.authenticationMode !== undefined,
      ],
      ["noPasswordRequired", unlessSet(false)],
      ["accessString", like(/^(?!.*\bnopass\b)(on|off)\b/, "on, with rights, and without nopass")],
      ["userName", like(/^(?!default$)./, "another than default")],
    ],
  ),
  must(
    ["aws:elasticache/userGroup:UserGroup"],
    {
      name: "elasticache-users-named",
      description: "A cache's user group has users.",
      severity: "high",
      remediation: "List the users in userIds.",
      url: `${docs}/AmazonElastiCache/latest/dg/Clusters.RBAC.html`,
    },
    [
      ["userIds", given],
      ["userIds[]", { ...like(/^(?!default$)./, "another than default"), later: true }],
    ],
  ),
  must(
    ["aws:efs/accessPoint:AccessPoint"],
    {
      name: "efs-access-point-confined",
      description: "Whoever mounts files is one plain user, in one directory that is closed to others.",
      severity: "high",
      remediation:
        "Set posixUser to a user and group above 0, and rootDirectory to a path with permissions like 0750.",
      url: `${docs}/securityhub/latest/userguide/efs-controls.html`,
    },
    [
      ["posixUser.uid", between(1, 4_294_967_295)],
      ["posixUser.gid", between(1, 4_294_967_295)],
      ["rootDirectory.path", like(/^\/[^/]/, "a directory below /")],
      ["rootDirectory.creationInfo.ownerUid", between(1, 4_294_967_295)],
      ["rootDirectory.creationInfo.ownerGid", between(1, 4_294_967_295)],
      ["rootDirectory.creationInfo.permissions", like(/^0?7[0-7]0$/, "closed to others, like 0750")],
    ],
  ),
  must(
    ["aws:efs/backupPolicy:BackupPolicy"],
    {
      name: "efs-backup-enabled",
      description: "Files are backed up every day.",
      severity: "high",
      remediation: "Set backupPolicy.status to ENABLED.",
      url: `${docs}/efs/latest/ug/awsbackup.html`,
    },
    [["backupPolicy.status", is("ENABLED")]],
  ),
  must(
    ["aws:efs/mountTarget:MountTarget"],
    {
      name: "efs-mount-target-grouped",
      description: "Files are reached through a security group of ours.",
      severity: "high",
      remediation: "Set securityGroups: without them the VPC's default group is used.",
      url: `${docs}/efs/latest/ug/network-access.html`,
    },
    [["securityGroups", given]],
  ),
  must(
    ["aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"],
    {
      name: "s3-lock-retains",
      description: "What a locked bucket takes can't be deleted for some days.",
      severity: "high",
      remediation: "Set rule.defaultRetention to a mode and at least 7 days.",
      url: `${docs}/AmazonS3/latest/userguide/object-lock.html`,
    },
    [
      ["rule.defaultRetention.mode", is("GOVERNANCE", "COMPLIANCE")],
      [
        "rule.defaultRetention.days",
        between(7, 36_500),
        ({ props }) =>
          (props.rule as { defaultRetention?: { years?: number } } | undefined)?.defaultRetention?.years ===
          undefined,
      ],
      ["objectLockEnabled", unlessSet("Enabled")],
    ],
  ),
  must(
    ["aws:s3/bucketLogging:BucketLogging"],
    {
      name: "s3-logging-somewhere",
      description: "Access to a bucket is recorded in another bucket.",
      severity: "medium",
      remediation: "Set targetBucket to the bucket for access logs.",
      url: `${docs}/AmazonS3/latest/userguide/ServerLogs.html`,
    },
    [["targetBucket", given]],
  ),
  must(
    ["aws:s3/bucketCorsConfiguration:BucketCorsConfiguration"],
    {
      name: "s3-cors-origins-named",
      description: "Browsers reach a bucket from named sites only, over HTTPS.",
      severity: "high",
      remediation: "List the sites in allowedOrigins, with https:// and without wildcards.",
      url: `${docs}/AmazonS3/latest/userguide/cors.html`,
    },
    [
      ["corsRules[].allowedOrigins", given],
      ["corsRules[].allowedOrigins[]", like(/^https:\/\/[^*]+$/, "an https:// origin without wildcard")],
    ],
  ),
  must(
    ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"],
    {
      name: "s3-block-of-a-bucket",
      description: "A block of public access is for a bucket of the stack.",
      severity: "high",
      remediation: "Set bucket.",
      url: `${docs}/AmazonS3/latest/userguide/access-control-block-public-access.html`,
    },
    [["bucket", given]],
  ),
  must(
    ["aws:secretsmanager/secret:Secret"],
    {
      name: "secretsmanager-recoverable",
      description: "A protected secret can be called back after its deletion.",
      severity: "high",
      remediation: "Set recoveryWindowInDays to 7 or more.",
      url: `${docs}/secretsmanager/latest/userguide/manage_delete-secret.html`,
    },
    [["recoveryWindowInDays", between(7, 30), whereProtected]],
  ),
  must(
    ["aws:secretsmanager/secretRotation:SecretRotation"],
    {
      name: "secretsmanager-rotated",
      description: "What rotates does so within three months.",
      severity: "medium",
      remediation: "Set rotationRules.automaticallyAfterDays to 90 or less.",
      url: `${docs}/securityhub/latest/userguide/secretsmanager-controls.html`,
    },
    [
      ["rotationLambdaArn", given],
      [
        "rotationRules.automaticallyAfterDays",
        between(1, 90),
        ({ props }) =>
          (props.rotationRules as { scheduleExpression?: string } | undefined)?.scheduleExpression ===
          undefined,
      ],
    ],
  ),
  must(
    ["aws:kms/key:Key"],
    {
      name: "kms-key-in-order",
      description:
        "A key is on, is protected as the data under it, and its policy can't lock the account out.",
      severity: "high",
      remediation: "Leave isEnabled and bypassPolicyLockoutSafetyCheck out; set deletionWindowInDays.",
      url: `${docs}/kms/latest/developerguide/key-policies.html`,
    },
    [
      ["isEnabled", unlessSet(true)],
      ["bypassPolicyLockoutSafetyCheck", unlessSet(false)],
      ["deletionWindowInDays", between(7, 30), ({ props }) => props.deletionWindowInDays !== undefined],
      ["rotationPeriodInDays", between(90, 365), ({ props }) => props.rotationPeriodInDays !== undefined],
    ],
  ),
];

/** A list in which a parameter, if it is there at all, has a fitting value. */
function without(name: string, value: RegExp) {
  return {
    words: `a list without another ${name}`,
    holds: (list: unknown) =>
      Array.isArray(list) &&
      list.every(
        (item: { name?: string; value?: unknown }) => item.name !== name || value.test(String(item.value)),
      ),
  };
}
