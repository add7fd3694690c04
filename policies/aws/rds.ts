import type { Policies } from "@pulumi/policy";
import { onType } from "../lib/control";
import { ifUnknown, isGiven, shown } from "../lib/wire";
import { instance, isRemoteReplica, isReplica, rdsGuide } from "./rds-instance";

/** The parameter that requires TLS, by family. */
function tlsParameter(family: string | undefined): string | undefined {
  if (family?.startsWith("postgres") || family?.startsWith("aurora-postgres")) return "rds.force_ssl";
  if (/^(aurora-)?(mysql|mariadb)/.test(family ?? "")) return "require_secure_transport";
  return undefined;
}

/** RDS: encryption, no public access, and TLS. */
export const rds: Policies = [
  onType(
    instance,
    {
      name: "rds-storage-encrypted",
      description: "RDS DB instances must be encrypted at rest.",
      severity: "critical",
      remediation: "Set storageEncrypted to true. Changing it replaces the instance.",
      url: `${rdsGuide}/Overview.Encryption.html`,
    },
    (db, { report }) => {
      if (!isReplica(db) && db.storageEncrypted !== true) {
        report(`storageEncrypted is ${shown(db.storageEncrypted)}; it must be true.`);
      }
    },
  ),
  onType(
    instance,
    {
      name: "rds-own-key",
      description: "RDS DB instances must be encrypted at rest with a customer managed KMS key.",
      severity: "high",
      remediation:
        "Set kmsKeyId to the ARN of a customer managed KMS key. A replica in the same region uses its source's key.",
      url: `${rdsGuide}/Overview.Encryption.Keys.html`,
    },
    (db, { report }) => {
      const inherited = isReplica(db) && !isRemoteReplica(db);
      if (!inherited && !isGiven(db, "kmsKeyId"))
        report("kmsKeyId is not set; it must be the ARN of a customer managed KMS key.");
    },
  ),
  onType(
    instance,
    {
      name: "rds-not-public",
      description: "RDS DB instances must not be publicly accessible.",
      severity: "critical",
      remediation: "Set publiclyAccessible to false explicitly.",
      url: `${rdsGuide}/USER_VPC.WorkingWithRDSInstanceinaVPC.html`,
    },
    (db, { report }) => {
      if (db.publiclyAccessible !== false) {
        report(`publiclyAccessible is ${shown(db.publiclyAccessible)}; it must be false.`);
      }
    },
  ),
  onType(
    "aws:rds/parameterGroup:ParameterGroup",
    {
      name: "rds-force-ssl",
      description: "RDS parameter groups must require TLS.",
      severity: "critical",
      remediation: 'Set the parameter rds.force_ssl (require_secure_transport for MySQL and MariaDB) to "1".',
      url: `${rdsGuide}/PostgreSQL.Concepts.General.SSL.html`,
    },
    (group, { report }) => {
      const name = tlsParameter(group.family);
      if (!name)
        return report(`family is ${shown(group.family)}; this policy doesn't know its TLS parameter.`);
      const found = group.parameters?.find((parameter) => parameter.name === name)?.value;
      if (String(found) !== "1") report(`the parameter ${name} is ${shown(found)}; it must be "1".`);
    },
  ),
  onType(
    instance,
    {
      name: "rds-custom-parameter-group",
      description: "RDS DB instances must use a custom parameter group, which can require TLS.",
      severity: "high",
      remediation:
        "Set parameterGroupName to a parameter group of the stack. A replica in the same region uses its source's parameter group.",
      url: `${rdsGuide}/USER_WorkingWithParamGroups.html`,
    },
    (db, { report }) => {
      const given = isGiven(db, "parameterGroupName");
      const inherited = isReplica(db) && !isRemoteReplica(db);
      if (!given && !inherited)
        return report("parameterGroupName is not set; it must name a custom parameter group.");
      // A parameter group that is known only after `up` is created by the stack, so it isn't a default one.
      if (ifUnknown(false, () => db.parameterGroupName?.startsWith("default."))) {
        report(
          `parameterGroupName is ${shown(db.parameterGroupName)}, a default parameter group; it must name a custom one.`,
        );
      }
    },
  ),
  onType(
    "aws:rds/proxy:Proxy",
    {
      name: "rds-proxy-requires-tls",
      description: "RDS Proxy must require TLS.",
      severity: "critical",
      remediation: "Set requireTls to true.",
      url: `${rdsGuide}/rds-proxy.html`,
    },
    (proxy, { report }) => {
      if (proxy.requireTls !== true) report(`requireTls is ${shown(proxy.requireTls)}; it must be true.`);
    },
  ),
  onType(
    "aws:rds/cluster:Cluster",
    {
      name: "rds-cluster-encrypted",
      description: "RDS DB clusters must be encrypted at rest with a customer managed KMS key.",
      severity: "critical",
      remediation: "Set storageEncrypted to true and kmsKeyId to the ARN of a customer managed KMS key.",
      url: `${rdsGuide}/Overview.Encryption.html`,
    },
    (cluster, { report }) => {
      if (cluster.storageEncrypted !== true)
        report(`storageEncrypted is ${shown(cluster.storageEncrypted)}; it must be true.`);
      if (!isGiven(cluster, "kmsKeyId")) report("kmsKeyId must be set.");
    },
  ),
];
