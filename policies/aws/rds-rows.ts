import type { Policies } from "@pulumi/policy";
import { absent, between, given, having, is, like, unlessSet } from "../../standards/tests";
import { must, type Whole } from "../lib/must";
import { isPromoted, isRemoteReplica } from "./rds-instance";

const docs = "https://docs.aws.amazon.com";
const whereProtected = ({ protect }: Whole) => protect;
const primary = ({ props }: Whole) => props.replicateSourceDb === undefined;
/** A replica in the same region uses its source's subnets. */
const ownSubnets = (whole: Whole) => primary(whole) || isRemoteReplica(whole.props);
const named = (whole: Whole) => primary(whole) && !isPromoted(whole.props);
/** A list in which a parameter has a matching value; `words` describes it. */
const parameter = (name: string, value: RegExp, words: string) =>
  having(
    (item) =>
      (item as { name?: string }).name === name && value.test(String((item as { value?: unknown }).value)),
    `a list in which ${name} ${words}`,
  );
const postgres = ({ props }: Whole) => String(props.family).startsWith("postgres");

/** Databases and caches, property by property. */
export const databaseRows: Policies = [
  must(
    ["aws:rds/instance:Instance"],
    {
      name: "rds-hardened",
      description:
        "RDS DB instances must run in a VPC, be monitored, use a current CA certificate and, if protected, be Multi-AZ.",
      severity: "high",
      remediation:
        "Set the property that the message names. The properties are vpcSecurityGroupIds, dbSubnetGroupName, caCertIdentifier, monitoringInterval, monitoringRoleArn, performanceInsightsEnabled with performanceInsightsKmsKeyId, username, backupRetentionPeriod, storageEncrypted and, where `protect` is true, multiAz and deleteAutomatedBackups.",
      url: `${docs}/securityhub/latest/userguide/rds-controls.html`,
    },
    [
      ["vpcSecurityGroupIds", given],
      ["dbSubnetGroupName", given, ownSubnets],
      [
        "caCertIdentifier",
        like(/^rds-ca-(rsa(2048|4096)|ecc384)-g1$/, "a current RDS CA, such as rds-ca-rsa2048-g1"),
      ],
      ["monitoringInterval", is(1, 5, 10, 15, 30, 60)],
      ["monitoringRoleArn", given],
      ["performanceInsightsEnabled", is(true)],
      ["performanceInsightsKmsKeyId", given],
      [
        "username",
        like(
          /^(?!(admin|administrator|postgres|root|sa|master)$).+/i,
          "a custom name, not admin, administrator, postgres, root, sa or master",
        ),
        named,
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
        "RDS for PostgreSQL parameter groups must audit schema and role changes, and must not allow old TLS versions or password hashes.",
      severity: "high",
      remediation:
        "Add pgaudit to shared_preload_libraries, ddl and role to pgaudit.log, and set pgaudit.role. Don't set ssl_min_protocol_version below TLSv1.2, or password_encryption to a value other than scram-sha-256.",
      url: `${docs}/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.pgaudit.html`,
    },
    [
      ["parameters", parameter("shared_preload_libraries", /pgaudit/, "contains pgaudit"), postgres],
      [
        "parameters",
        parameter("pgaudit.log", /^(?=.*\b(ddl|all)\b)(?=.*\b(role|all)\b)/, "contains ddl and role, or all"),
        postgres,
      ],
      ["parameters", parameter("pgaudit.role", /./, "is set"), postgres],
      ["parameters", without("ssl_min_protocol_version", /^TLSv1\.[23]$/, "TLSv1.2 or TLSv1.3"), postgres],
      ["parameters", without("password_encryption", /^scram-sha-256$/, "scram-sha-256"), postgres],
      ["parameters", without("log_statement_sample_rate", /./, "not empty"), postgres],
    ],
  ),
  must(
    ["aws:rds/proxy:Proxy"],
    {
      name: "rds-proxy-logins",
      description:
        "RDS Proxy must use SCRAM passwords from Secrets Manager, and must not log SQL statements.",
      severity: "high",
      remediation:
        "In each entry of auths, set authScheme to SECRETS and secretArn. Set requireTls to true, vpcSecurityGroupIds and roleArn, and remove debugLogging.",
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
      description: "RDS snapshots must not be shared with other accounts.",
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
      description:
        "ElastiCache replication groups must run in a VPC, deliver logs and enable automatic minor version upgrades.",
      severity: "medium",
      remediation:
        "Set securityGroupIds, subnetGroupName, logDeliveryConfigurations, and autoMinorVersionUpgrade to true. Where `protect` is true, also set finalSnapshotIdentifier.",
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
      name: "elasticache-user-password",
      description:
        "ElastiCache users must authenticate with a password or IAM, and must not be the default user.",
      severity: "critical",
      remediation:
        "Set passwords, or authenticationMode.type to password or iam. Remove noPasswordRequired and nopass in accessString, and set userName to a name other than default.",
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
      [
        "accessString",
        like(/^(?!.*\bnopass\b)(on|off)\b/, "an access string that starts with on or off, without nopass"),
      ],
      ["userName", like(/^(?!default$)./, 'a value other than "default"')],
    ],
  ),
  must(
    ["aws:elasticache/userGroup:UserGroup"],
    {
      name: "elasticache-group-users",
      description: "ElastiCache user groups must have users other than the default user.",
      severity: "high",
      remediation: "List the IDs of the users in userIds.",
      url: `${docs}/AmazonElastiCache/latest/dg/Clusters.RBAC.html`,
    },
    [
      ["userIds", given],
      ["userIds[]", { ...like(/^(?!default$)./, 'a value other than "default"'), later: true }],
    ],
  ),
];

/** A list in which a parameter is not set, or has a matching value; `words` describes it. */
function without(name: string, value: RegExp, words: string) {
  return {
    words: `a list in which ${name} is not set, or is ${words}`,
    holds: (list: unknown) =>
      Array.isArray(list) &&
      list.every(
        (item: { name?: string; value?: unknown }) => item.name !== name || value.test(String(item.value)),
      ),
  };
}
