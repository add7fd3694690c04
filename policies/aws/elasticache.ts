import type { Policies } from "@pulumi/policy";
import { onType } from "../lib/control";
import { isGiven, shown } from "../lib/wire";

const group = "aws:elasticache/replicationGroup:ReplicationGroup";
const guide = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg";

/** Caches: encrypted in transit and at rest, with a password, and with failover. */
export const elasticache: Policies = [
  onType(
    group,
    {
      name: "elasticache-transit-encryption",
      description: "Every cache uses TLS.",
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
      description: "No cache accepts connections without TLS.",
      severity: "critical",
      remediation: "Set transitEncryptionMode to required; an existing group goes through `preferred` first.",
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
      description: "Every cache is encrypted on disk and in its snapshots.",
      severity: "high",
      remediation: "Set atRestEncryptionEnabled to true; it can't be changed later without a new group.",
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
      description: "Every cache is encrypted with a customer managed KMS key.",
      severity: "medium",
      remediation: "Set kmsKeyId to the ARN of a KMS key of the stack.",
      url: `${guide}/at-rest-encryption.html`,
    },
    (cache, { report }) => {
      if (!isGiven(cache, "kmsKeyId")) report("kmsKeyId is not set, so AWS' own key is used.");
    },
  ),
  onType(
    group,
    {
      name: "elasticache-authentication",
      description: "Every cache authenticates its clients.",
      severity: "critical",
      remediation: "Set userGroupIds to a user group, or an authToken.",
      url: `${guide}/Clusters.RBAC.html`,
    },
    (cache, { report }) => {
      const groups = isGiven(cache, "userGroupIds") && cache.userGroupIds?.length !== 0;
      const token = isGiven(cache, "authToken") || isGiven(cache, "authTokenWo");
      if (!groups && !token)
        report("neither userGroupIds nor authToken is set, so anyone who reaches it may read.");
    },
  ),
  onType(
    group,
    {
      name: "elasticache-failover",
      description: "A cache of several nodes fails over automatically, across zones.",
      severity: "high",
      remediation: "Set automaticFailoverEnabled and multiAzEnabled to true.",
      url: `${guide}/AutoFailover.html`,
    },
    (cache, { report }) => {
      const nodes = cache.numCacheClusters ?? 1 + (cache.replicasPerNodeGroup ?? 0);
      if (nodes < 2) return;
      const { automaticFailoverEnabled: failover, multiAzEnabled: zones } = cache;
      if (failover === true && zones === true) return;
      report(`${nodes} nodes, automaticFailoverEnabled ${shown(failover)}, multiAzEnabled ${shown(zones)}.`);
    },
  ),
  onType(
    group,
    {
      name: "elasticache-snapshots",
      description: "A protected cache is backed up.",
      severity: "medium",
      remediation: "Set snapshotRetentionLimit to 1 or more days, at most 35.",
      url: `${guide}/backups-automatic.html`,
    },
    (cache, { args, report }) => {
      const found = cache.snapshotRetentionLimit ?? 0;
      if (args.opts.protect && !(found >= 1))
        report(`protected, but snapshotRetentionLimit is ${shown(found)}.`);
    },
  ),
  onType(
    "aws:elasticache/user:User",
    {
      name: "elasticache-user-not-dangerous",
      description: "No cache user may run dangerous commands.",
      severity: "medium",
      remediation:
        "Put -@dangerous into accessString, after +@all; allow single commands again by name, such as +info.",
      url: `${guide}/Clusters.RBAC.html`,
    },
    ({ accessString }, { report }) => {
      const rules = (accessString ?? "").split(" ");
      const widest = Math.max(rules.lastIndexOf("+@all"), rules.lastIndexOf("allcommands"));
      const dangerous = rules.lastIndexOf("+@dangerous");
      if (Math.max(widest, dangerous) > rules.lastIndexOf("-@dangerous"))
        report(`accessString is ${shown(accessString)}; it allows commands in Valkey's category @dangerous.`);
    },
  ),
  onType(
    "aws:elasticache/cluster:Cluster",
    {
      name: "elasticache-no-lone-cluster",
      description: "Every cache is in a replication group, without which it can't be encrypted at rest.",
      severity: "high",
      remediation: "Use a ReplicationGroup, with one node if one is enough.",
      url: `${guide}/at-rest-encryption.html`,
    },
    (cache, { report }) => {
      if (!isGiven(cache, "replicationGroupId")) report("replicationGroupId is not set.");
    },
  ),
  onType(
    "aws:elasticache/serverlessCache:ServerlessCache",
    {
      name: "elasticache-serverless-secured",
      description: "A serverless cache uses a customer managed KMS key and authenticates its clients.",
      severity: "high",
      remediation: "Set kmsKeyId and userGroupId; TLS is always on.",
      url: `${guide}/at-rest-encryption.html`,
    },
    (cache, { report }) => {
      if (!isGiven(cache, "kmsKeyId")) report("kmsKeyId is not set.");
      if (!isGiven(cache, "userGroupId")) report("userGroupId is not set.");
    },
  ),
];
