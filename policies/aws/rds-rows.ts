import type { Policies } from "@pulumi/policy";
import { absent, between, given, having, is, like, unlessSet } from "../../standards/tests";
import { must, type Whole } from "../lib/must";
import { isPromoted, isRemoteReplica } from "./rds-instance";

const docs = "https://docs.aws.amazon.com";
const whereProtected = ({ protect }: Whole) => protect;
const primary = ({ props }: Whole) => props.replicateSourceDb === undefined;
/** A replica in the same region has its source's subnets. */
const ownSubnets = (whole: Whole) => primary(whole) || isRemoteReplica(whole.props);
const named = (whole: Whole) => primary(whole) && !isPromoted(whole.props);
const parameter = (name: string, value: RegExp) =>
  having(
    (item) =>
      (item as { name?: string }).name === name && value.test(String((item as { value?: unknown }).value)),
    `a list with a fitting ${name}`,
  );
const postgres = ({ props }: Whole) => String(props.family).startsWith("postgres");

/** Databases and caches, property by property. */
export const databaseRows: Policies = [
  must(
    ["aws:rds/instance:Instance"],
    {
      name: "rds-hardened",
      description: "A database runs in the VPC, is monitored, and has a certificate that clients can verify.",
      severity: "high",
      remediation: "Set what is named: networks, certificate, monitoring, and keys for what is recorded.",
      url: `${docs}/securityhub/latest/userguide/rds-controls.html`,
    },
    [
      ["vpcSecurityGroupIds", given],
      ["dbSubnetGroupName", given, ownSubnets],
      ["caCertIdentifier", like(/^rds-ca-(rsa(2048|4096)|ecc384)-g1$/, "an RDS certificate of today")],
      ["monitoringInterval", is(1, 5, 10, 15, 30, 60)],
      ["monitoringRoleArn", given],
      ["performanceInsightsEnabled", is(true)],
      ["performanceInsightsKmsKeyId", given],
      [
        "username",
        like(/^(?!(admin|administrator|postgres|root|sa|master)$).+/i, "a name of our own"),
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
        "A database server audits changes of tables and roles, and refuses old TLS versions and password hashes.",
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
      description: "A database proxy uses SCRAM passwords from Secrets Manager, and logs no statements.",
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
      description: "A cache runs in the VPC and applies security updates automatically.",
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
      name: "elasticache-user-password",
      description: "A cache's user has a password, and isn't the default user.",
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
      name: "elasticache-group-users",
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
