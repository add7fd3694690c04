import type { Policies } from "@pulumi/policy";
import { onType } from "../lib/control";
import { isGiven, shown } from "../lib/wire";

const group = "aws:elasticache/replicationGroup:ReplicationGroup";
const guide = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg";

/** ElastiCache: encryption in transit and at rest, authentication and failover. */
export const elasticache: Policies = [
  onType(
    group,
    {
      name: "elasticache-transit-encryption",
      description: "ElastiCache replication groups must be encrypted in transit.",
      severity: "critical",
      remediation: "Set transitEncryptionEnabled to true.",
      url: `${guide}/in-transit-encryption.html`,
    },
    (cache, { report }) => {
      const found = cache.transitEncryptionEnabled;
      if (found !== true) report(`transitEncryptionEnabled is ${shown(found)}; it must be true.`);
    },
  ),
  onType(
    group,
    {
      name: "elasticache-transit-required",
      description: "ElastiCache replication groups must require TLS.",
      severity: "critical",
      remediation:
        "Set transitEncryptionMode to required. For an existing replication group, set it to preferred first.",
      url: `${guide}/in-transit-encryption-enable.html`,
    },
    (cache, { report }) => {
      const found = cache.transitEncryptionMode;
      if (found !== "required") report(`transitEncryptionMode is ${shown(found)}; it must be "required".`);
    },
  ),
  onType(
    group,
    {
      name: "elasticache-at-rest-encryption",
      description: "ElastiCache replication groups must be encrypted at rest.",
      severity: "high",
      remediation: "Set atRestEncryptionEnabled to true. Changing it replaces the replication group.",
      url: `${guide}/at-rest-encryption.html`,
    },
    (cache, { report }) => {
      const found = cache.atRestEncryptionEnabled;
      if (found !== true) report(`atRestEncryptionEnabled is ${shown(found)}; it must be true.`);
    },
  ),
  onType(
    group,
    {
      name: "elasticache-own-key",
      description:
        "ElastiCache replication groups must be encrypted at rest with a customer managed KMS key.",
      severity: "medium",
      remediation: "Set kmsKeyId to the ARN of a customer managed KMS key.",
      url: `${guide}/at-rest-encryption.html`,
    },
    (cache, { report }) => {
      if (!isGiven(cache, "kmsKeyId"))
        report("kmsKeyId is not set; it must be the ARN of a customer managed KMS key.");
    },
  ),
  onType(
    group,
    {
      name: "elasticache-authentication",
      description: "ElastiCache replication groups must authenticate clients.",
      severity: "critical",
      remediation: "Set userGroupIds to a user group, or set authToken.",
      url: `${guide}/Clusters.RBAC.html`,
    },
    (cache, { report }) => {
      const groups = isGiven(cache, "userGroupIds") && cache.userGroupIds?.length !== 0;
      const token = isGiven(cache, "authToken") || isGiven(cache, "authTokenWo");
      if (!groups && !token)
        report("neither userGroupIds nor authToken is set, so clients connect without authentication.");
    },
  ),
  onType(
    group,
    {
      name: "elasticache-failover",
      description:
        "ElastiCache replication groups with several nodes must have automatic failover and Multi-AZ enabled.",
      severity: "high",
      remediation: "Set automaticFailoverEnabled and multiAzEnabled to true.",
      url: `${guide}/AutoFailover.html`,
    },
    (cache, { report }) => {
      const nodes = cache.numCacheClusters ?? 1 + (cache.replicasPerNodeGroup ?? 0);
      if (nodes < 2) return;
      const { automaticFailoverEnabled: failover, multiAzEnabled: zones } = cache;
      if (failover === true && zones === true) return;
      report(
        `automaticFailoverEnabled is ${shown(failover)} and multiAzEnabled is ${shown(zones)}; both must be true with ${nodes} nodes.`,
      );
    },
  ),
  onType(
    group,
    {
      name: "elasticache-snapshots",
      description: "Protected ElastiCache replication groups must have automatic backups enabled.",
      severity: "medium",
      remediation: "Set snapshotRetentionLimit to a number of days from 1 to 35.",
      url: `${guide}/backups-automatic.html`,
    },
    (cache, { args, report }) => {
      const found = cache.snapshotRetentionLimit ?? 0;
      if (args.opts.protect && !(found >= 1))
        report(
          `snapshotRetentionLimit is ${shown(found)}; it must be at least 1 for a protected replication group.`,
        );
    },
  ),
  onType(
    "aws:elasticache/user:User",
    {
      name: "elasticache-user-not-dangerous",
      description: "ElastiCache users must not be allowed to run dangerous commands.",
      severity: "medium",
      remediation:
        "Add -@dangerous to accessString after +@all. To allow single commands, add them by name after it, such as +info.",
      url: `${guide}/Clusters.RBAC.html`,
    },
    ({ accessString }, { report }) => {
      const rules = (accessString ?? "").split(" ");
      const widest = Math.max(rules.lastIndexOf("+@all"), rules.lastIndexOf("allcommands"));
      const dangerous = rules.lastIndexOf("+@dangerous");
      if (Math.max(widest, dangerous) > rules.lastIndexOf("-@dangerous"))
        report(
          `accessString is ${shown(accessString)}; it must not allow commands of the category @dangerous.`,
        );
    },
  ),
  onType(
    "aws:elasticache/cluster:Cluster",
    {
      name: "elasticache-no-lone-cluster",
      description: "ElastiCache clusters must belong to a replication group.",
      severity: "high",
      remediation:
        "Use aws.elasticache.ReplicationGroup, with a single node if one is enough. Clusters without a replication group can't be encrypted at rest.",
      url: `${guide}/at-rest-encryption.html`,
    },
    (cache, { report }) => {
      if (!isGiven(cache, "replicationGroupId")) report("replicationGroupId must be set.");
    },
  ),
  onType(
    "aws:elasticache/serverlessCache:ServerlessCache",
    {
      name: "elasticache-serverless-secured",
      description:
        "ElastiCache serverless caches must be encrypted at rest with a customer managed KMS key and authenticate clients.",
      severity: "high",
      remediation: "Set kmsKeyId and userGroupId. TLS is always enabled.",
      url: `${guide}/at-rest-encryption.html`,
    },
    (cache, { report }) => {
      if (!isGiven(cache, "kmsKeyId")) report("kmsKeyId must be set.");
      if (!isGiven(cache, "userGroupId")) report("userGroupId must be set.");
    },
  ),
];
