import type { Settings } from "../../../config";
import { catalog } from "../../../systems";
import type { SystemSpec } from "../../../systems/spec";
import { accessLogs, alarmKey, byIam, logKey, topic } from "./documents";
import { may, nameOf, wordsOf, type Words } from "./rights";

/** Both buckets of a pair, which S3 replicates to each other by one role. */
function replication(pair: readonly string[], role: string, first: Words, second: Words): string[] {
  const holder = `role ${role}`;
  const arns = pair.map((bucket) => `arn:aws:s3:::${bucket}`);
  const keys = [
    [first, "primary-keys-data"],
    [second, "standby-data"],
  ] as const;
  return [
    ...may("Service s3.amazonaws.com", ["sts:AssumeRole"], `the role of ${holder}`),
    ...may(holder, ["s3:GetReplicationConfiguration", "s3:ListBucket"], arns),
    ...may(
      holder,
      [
        ...["VersionForReplication", "VersionAcl", "VersionTagging", "Retention", "LegalHold"].map(
          (what) => `s3:GetObject${what}`,
        ),
        ...["Object", "Delete", "Tags"].map((what) => `s3:Replicate${what}`),
      ],
      arns.map((arn) => `${arn}/*`),
    ),
    ...keys.flatMap(([words, key]) =>
      may(
        holder,
        ["Decrypt", "Encrypt", "GenerateDataKey"].map((call) => `kms:${call}`),
        first.key(key),
        words.via("s3"),
      ),
    ),
  ];
}

function network(second: Words): string[] {
  const role = "role standby-network-flows-role";
  const group = second.arn("logs", `log-group:/${second.prefix}/vpc/flow-logs`);
  return [
    ...may(
      "Service vpc-flow-logs.amazonaws.com",
      ["sts:AssumeRole"],
      `the role of ${role}`,
      second.ofAccount,
      ["ArnLike", "aws:SourceArn", second.arn("ec2", "vpc-flow-log/*")],
    ),
    ...may(
      role,
      ["CreateLogStream", "PutLogEvents", "DescribeLogStreams"].map((call) => `logs:${call}`),
      [group, `${group}:*`],
    ),
    ...may(role, ["logs:DescribeLogGroups"], "*"),
  ];
}

/** What the second region implies, while the first one is active. */
export function ofStandby(settings: Settings): string[] {
  const { standby, prefix, account, backups } = settings;
  if (standby === undefined) return [];
  const first = wordsOf(settings);
  const second = wordsOf({
    prefix: `${prefix}-standby`,
    account: { id: account.id, region: standby.region as typeof account.region },
  });
  const systems = Object.entries(catalog as Readonly<Record<string, SystemSpec>>).flatMap(
    ([system, spec]) => {
      const amounts = settings.systems[system];
      return amounts === undefined ? [] : [{ system, spec, amounts }];
    },
  );
  const monitored = systems.flatMap(({ system }) =>
    Object.keys(standby.systems[system]?.replicas ?? {}).map((store) => `standby-${system}-${store}`),
  );
  const vault = backups.vault !== undefined;
  return [
    ...byIam(second, [
      "standby-alarms",
      "standby-data",
      "standby-logs",
      ...(vault ? ["standby-vault-key"] : []),
    ]),
    ...logKey(second, "key standby-logs"),
    ...alarmKey(second, "key standby-alarms", second.prefix),
    ...topic(second, `${second.prefix}-alarms`, [`${second.prefix}-database-events`]),
    ...accessLogs({ edge: { cdn: undefined } }, second),
    ...network(second),
    ...monitored.flatMap((name) => [
      ...may(
        "Service monitoring.rds.amazonaws.com",
        ["sts:AssumeRole"],
        `the role of role ${name}-monitoring`,
        second.ofAccount,
      ),
      `role ${name}-monitoring has arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole`,
    ]),
    ...systems.flatMap(({ system, amounts }) =>
      Object.entries(amounts.stores.bucket).flatMap(([store, bucket]) =>
        replication(
          [
            bucket?.name ?? nameOf("bucket", prefix, system, store, account.id),
            nameOf("bucket", second.prefix, system, store, account.id),
          ],
          `standby-${system}-${store}-replication-role`,
          first,
          second,
        ),
      ),
    ),
    ...(vault
      ? may(
          "role primary-vault-role",
          ["Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo"].map(
            (call) => `kms:${call}`,
          ),
          first.key("standby-vault-key"),
          second.via("backup", "elasticfilesystem", "rds", "s3"),
        )
      : []),
  ];
}
