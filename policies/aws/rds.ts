import type { Policies } from "@pulumi/policy";
import { onType } from "../lib/control";
import { ifUnknown, isGiven, shown } from "../lib/wire";
import { instance, isRemoteReplica, isReplica, rdsGuide } from "./rds-instance";

/** The parameter with which servers of a family refuse connections without TLS. */
function tlsParameter(family: string | undefined): string | undefined {
  if (family?.startsWith("postgres") || family?.startsWith("aurora-postgres")) return "rds.force_ssl";
  if (/^(aurora-)?(mysql|mariadb)/.test(family ?? "")) return "require_secure_transport";
  return undefined;
}

/** Databases: encrypted, private, and reached over TLS only. */
export const rds: Policies = [
  onType(
    instance,
    {
      name: "rds-storage-encrypted",
      description: "Every database's storage is encrypted.",
      severity: "critical",
      remediation: "Set storageEncrypted to true; it can't be changed later without a new instance.",
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
      description: "Every database is encrypted with a customer managed KMS key.",
      severity: "high",
      remediation:
        "Set kmsKeyId to the ARN of a KMS key of the stack; a replica in the same region has its source's.",
      url: `${rdsGuide}/Overview.Encryption.Keys.html`,
    },
    (db, { report }) => {
      const inherited = isReplica(db) && !isRemoteReplica(db);
      if (!inherited && !isGiven(db, "kmsKeyId")) report("kmsKeyId is not set, so AWS' own key is used.");
    },
  ),
  onType(
    instance,
    {
      name: "rds-not-public",
      description: "No database has a public address.",
      severity: "critical",
      remediation: "Set publiclyAccessible to false, explicitly.",
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
      description: "Every database refuses connections without TLS.",
      severity: "critical",
      remediation:
        'Add the parameter rds.force_ssl (MySQL, MariaDB: require_secure_transport) with the value "1".',
      url: `${rdsGuide}/PostgreSQL.Concepts.General.SSL.html`,
    },
    (group, { report }) => {
      const name = tlsParameter(group.family);
      if (!name) return report(`family is ${shown(group.family)}; how it forces TLS is not known here.`);
      const found = group.parameters?.find((parameter) => parameter.name === name)?.value;
      if (String(found) !== "1") report(`parameter ${name} is ${shown(found)}; it must be "1".`);
    },
  ),
  onType(
    instance,
    {
      name: "rds-custom-parameter-group",
      description: "Every database uses a custom parameter group, which forces TLS.",
      severity: "high",
      remediation: "Set parameterGroupName; a replica in the same region inherits its source's group.",
      url: `${rdsGuide}/USER_WorkingWithParamGroups.html`,
    },
    (db, { report }) => {
      const given = isGiven(db, "parameterGroupName");
      const inherited = isReplica(db) && !isRemoteReplica(db);
      if (!given && !inherited)
        return report("parameterGroupName is not set, so the engine's default is used.");
      // A group that is known only after `up` is created by the stack, so it isn't a default one.
      if (ifUnknown(false, () => db.parameterGroupName?.startsWith("default."))) {
        report(`parameterGroupName is ${shown(db.parameterGroupName)}, a default group; use one of ours.`);
      }
    },
  ),
  onType(
    "aws:rds/proxy:Proxy",
    {
      name: "rds-proxy-requires-tls",
      description: "A database proxy refuses connections without TLS.",
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
      description: "Every database cluster is encrypted with a customer managed KMS key.",
      severity: "critical",
      remediation: "Set storageEncrypted to true and kmsKeyId to the ARN of a KMS key of the stack.",
      url: `${rdsGuide}/Overview.Encryption.html`,
    },
    (cluster, { report }) => {
      if (cluster.storageEncrypted !== true)
        report(`storageEncrypted is ${shown(cluster.storageEncrypted)}.`);
      if (!isGiven(cluster, "kmsKeyId")) report("kmsKeyId is not set.");
    },
  ),
];
