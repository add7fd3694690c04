import type { Settings } from "../../../config";
import { catalog } from "../../../systems";
import type { SystemSpec } from "../../../systems/spec";
import { may, nameOf, pods, type Words } from "./rights";

type Part = (settings: Settings, words: Words) => string[];

const managed = (holder: string, ...policies: string[]): string[] =>
  policies.map((policy) => `${holder} has arn:aws:iam::aws:policy/${policy}`);

/** AWS Backup restores recovery points as a test, and writes reports to their bucket. */
const vault: Part = ({ backups }, words) => {
  if (backups.vault === undefined) return [];
  const reports = nameOf("bucket", words.prefix, "backup-reports", words.account);
  const service = `arn:aws:iam::${words.account}:role/aws-service-role/reports.backup.amazonaws.com/AWSServiceRoleForBackupReports`;
  const written = may(`AWS ${service}`, ["s3:PutObject"], `arn:aws:s3:::${reports}/*`, [
    "StringEquals",
    "s3:x-amz-acl",
    "bucket-owner-full-control",
  ]);
  if (backups.vault.restoreTests === undefined) return written;
  const role = "role primary-vault-tests-role";
  return [
    ...written,
    ...may("Service backup.amazonaws.com", ["sts:AssumeRole"], `the role of ${role}`, words.ofAccount),
    ...managed(
      role,
      "service-role/AWSBackupServiceRolePolicyForRestores",
      "AWSBackupServiceRolePolicyForS3Restore",
    ),
    ...may(
      role,
      ["Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo"].map(
        (action) => `kms:${action}`,
      ),
      [words.key("primary-keys-data"), words.key("primary-vault-key")],
      words.via("backup", "elasticfilesystem", "rds", "s3"),
    ),
  ];
};

/** The configuration's backup adds to its bucket, and lists certificates. */
const configuration: Part = ({ backups }, words) => {
  if (backups.configuration === undefined) return [];
  const { holder, trust } = pods("configuration-backup", "configuration-backup");
  const arn = `arn:aws:s3:::${nameOf("bucket", words.prefix, "configuration", words.account)}`;
  return [
    ...trust,
    ...may(holder, ["s3:PutObject", "s3:AbortMultipartUpload"], `${arn}/cluster/*`),
    ...may(holder, ["s3:ListBucket"], arn, ["StringLike", "s3:prefix", "cluster/*"]),
    ...may(holder, ["kms:Decrypt", "kms:GenerateDataKey"], words.key("primary-keys-data"), words.via("s3")),
    ...may(holder, ["cloudwatch:PutMetricData"], "*", [
      "StringEquals",
      "cloudwatch:namespace",
      "Plinth/Backups",
    ]),
    ...may(holder, ["acm:ListCertificates"], "*"),
  ];
};

/** AWS FIS fails over databases with a standby, and changes network ACLs. */
const gameDays: Part = ({ gameDays: settings, systems }, words) => {
  if (settings === undefined) return [];
  const role = "role primary-game-days-role";
  const databases = Object.keys(catalog as Readonly<Record<string, SystemSpec>>).flatMap((system) =>
    Object.values(systems[system]?.stores.postgres ?? {})
      .filter(({ multiAz }) => multiAz)
      .map(() => words.arn("rds", `db:${nameOf("databaseInstance", words.prefix, system)}`)),
  );
  return [
    ...may("Service fis.amazonaws.com", ["sts:AssumeRole"], `the role of ${role}`, words.ofAccount),
    ...managed(role, "service-role/AWSFaultInjectionSimulatorNetworkAccess"),
    ...may(role, ["rds:DescribeDBInstances", "tag:GetResources"], "*"),
    ...may(role, ["rds:RebootDBInstance"], databases),
  ];
};

/** Grants implied by backups, restore tests and game days. */
export const recoveryParts: readonly Part[] = [vault, configuration, gameDays];
