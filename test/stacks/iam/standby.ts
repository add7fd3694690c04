import type { Settings } from "../../../config";
import type { SystemSpec } from "../../../systems/spec";
import { accessLogs, alarmKey, byIam, logsKey, topic } from "./documents";
import { flowLogs } from "./platform";
import { invokes, lambda, may, nameOf, wordsOf, type Words } from "./rights";

type Catalog = Readonly<Record<string, SystemSpec>>;

/** Grants implied by the copies in the second region. */
export function ofStandby(settings: Settings, catalog: Catalog): string[] {
  const { standby, backups, account, prefix } = settings;
  if (standby === undefined) return [];
  const first = wordsOf(settings);
  const words = wordsOf({
    prefix: `${prefix}-standby`,
    account: { ...account, region: standby.region as Settings["account"]["region"] },
  });
  const vault = backups.vault !== undefined;
  return [
    ...byIam(
      words,
      ["alarms", "data", "logs", ...(vault ? ["vault-key"] : [])].map((key) => `standby-${key}`),
    ),
    ...logsKey(words, "key standby-logs", words.region),
    ...alarmKey(words, "key standby-alarms", words.prefix),
    ...topic(words, `${words.prefix}-alarms`, [`${words.prefix}-database-events`]),
    ...accessLogs({ edge: { cdn: undefined } }, words),
    ...flowLogs(words, "standby"),
    ...copyAges(first, words, settings, catalog),
    ...(vault ? copies(first, words) : []),
    ...Object.keys(settings.systems).flatMap((system) => [
      ...buckets(first, words, system, settings, catalog[system]),
      ...monitored(words, system, catalog[system]),
    ]),
  ];
}

/** The function that checks the age of replicated database backups. */
function copyAges(first: Words, second: Words, { standby, systems }: Settings, catalog: Catalog): string[] {
  const replicated = Object.keys(systems).some((system) =>
    Object.entries(catalog[system]?.stores ?? {}).some(
      ([store, { kind }]) => kind === "postgres" && standby?.systems[system]?.replicas[store] === undefined,
    ),
  );
  if (!replicated) return [];
  const name = nameOf("function", second.prefix, "copy-ages");
  const { holder, own } = lambda(first, name);
  return [
    ...own,
    ...invokes("events", name, first.arn("events", "rule/standby-copy-ages-schedule")),
    ...may(
      holder,
      ["rds:DescribeDBInstanceAutomatedBackups"],
      ["auto-backup:*", "db:*"].map((what) => second.arn("rds", what)),
    ),
    ...may(holder, ["cloudwatch:PutMetricData"], "*", [
      "StringEquals",
      "cloudwatch:namespace",
      "Plinth/Copies",
    ]),
  ];
}

/** AWS Backup encrypts copies with the key of the second region's vault. */
const copies = (first: Words, { region }: Words): string[] =>
  may(
    "role primary-vault-role",
    ["Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo"].map(
      (call) => `kms:${call}`,
    ),
    first.key("standby-vault-key"),
    [
      "StringEquals",
      "kms:ViaService",
      ...["backup", "elasticfilesystem", "rds", "s3"].map((service) => `${service}.${region}.amazonaws.com`),
    ],
  );

/** S3 replicates each bucket to its copy, and back after a failover. */
const buckets = (
  first: Words,
  second: Words,
  system: string,
  { systems }: Settings,
  spec: SystemSpec | undefined,
): string[] =>
  Object.entries(spec?.stores ?? {}).flatMap(([store, { kind }]) => {
    if (kind !== "bucket") return [];
    const role = `role standby-${system}-${store}-replication-role`;
    const named = ({ prefix, account }: Words) => nameOf("bucket", prefix, system, store, account);
    const arns = [systems[system]?.stores.bucket[store]?.name ?? named(first), named(second)].map(
      (name) => `arn:aws:s3:::${name}`,
    );
    return replicating(role, arns, [
      [first.key("primary-keys-data"), first.region],
      [first.key("standby-data"), second.region],
    ]);
  });

/** S3 replicates two buckets to each other, each with the key of its region. */
export const replicating = (
  role: string,
  buckets: readonly string[],
  keys: readonly (readonly [key: string, region: string])[],
): string[] => [
  ...may("Service s3.amazonaws.com", ["sts:AssumeRole"], `the role of ${role}`),
  ...may(role, ["s3:GetReplicationConfiguration", "s3:ListBucket"], buckets),
  ...may(
    role,
    [
      ...["ForReplication", "Acl", "Tagging"].map((part) => `s3:GetObjectVersion${part}`),
      ...["Retention", "LegalHold"].map((part) => `s3:GetObject${part}`),
      ...["Object", "Delete", "Tags"].map((part) => `s3:Replicate${part}`),
    ],
    buckets.map((arn) => `${arn}/*`),
  ),
  ...keys.flatMap(([key, region]) =>
    may(role, ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"], key, [
      "StringEquals",
      "kms:ViaService",
      `s3.${region}.amazonaws.com`,
    ]),
  ),
];

/** RDS' enhanced monitoring of a replica. */
const monitored = (words: Words, system: string, spec: SystemSpec | undefined): string[] =>
  Object.entries(spec?.stores ?? {}).flatMap(([store, { kind }]) => {
    if (kind !== "postgres") return [];
    const role = `role standby-${system}-${store}-monitoring`;
    return [
      ...may(
        "Service monitoring.rds.amazonaws.com",
        ["sts:AssumeRole"],
        `the role of ${role}`,
        words.ofAccount,
      ),
      `${role} has arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole`,
    ];
  });
