import { z } from "zod";
import { weekdays } from "../cluster/alert-routes";
import { choice, hour, integer, pattern, where } from "../values";

/** Grace period in days before a compliance lock is permanent: at least 3. */
const leastChangeableDays = 3;
/** Minimum days that a recovery point stays in cold storage. Source: AWS Backup developer guide, lifecycle. */
const coldStorageDays = 90;

/** The sentence by which a stack file confirms the permanent lock of a vault. */
export const complianceConsent = "nobody can delete recovery points or this vault, AWS included";

const lock = z.discriminatedUnion(
  "mode",
  [
    z.strictObject({ mode: z.literal("none") }),
    z.strictObject({ mode: z.literal("governance") }),
    z.strictObject({
      mode: z.literal("compliance"),
      changeableForDays: integer(leastChangeableDays, 36500, "days").describe(
        "Days in which the lock can still be removed; then it is permanent.",
      ),
      consent: z
        .literal(complianceConsent, { error: `exactly ${JSON.stringify(complianceConsent)}` })
        .describe("The sentence that confirms that it can't be undone."),
    }),
  ],
  {
    error: "an object whose mode is none, governance or compliance (then with changeableForDays and consent)",
  },
);

const restoreTests = z.strictObject({
  weekday: choice(weekdays).describe("Weekday, in UTC."),
  hour: hour.describe("Hour (UTC) within which the restores start."),
});

export type RestoreTestSettings = z.infer<typeof restoreTests>;

/** Source of the names: AWS Backup API reference, CreateBackupVault. */
const vaultArn = pattern(
  /^arn:aws:backup:[a-z0-9-]+:\d{12}:backup-vault:[\w-]{2,50}$/,
  'the ARN of a backup vault in the partition aws, such as "arn:aws:backup:ap-northeast-2:012345678901:backup-vault:copies"',
);

const vault = z
  .strictObject({
    hour: hour.describe(
      "Hour (UTC) of the daily recovery points. The weekly ones start two hours later, the monthly ones four. It must be outside the databases' backup and maintenance windows.",
    ),
    dailyDays: integer(1, 35, "days").describe("Days that a daily recovery point is kept."),
    weeklyDays: integer(7, 3650, "days").describe("Days that a weekly recovery point is kept."),
    monthlyDays: integer(31, 36500, "days").describe("Days that a monthly recovery point is kept."),
    coldDays: integer(1, 3650, "days")
      .optional()
      .describe(
        "Age in days at which a monthly recovery point moves to cold storage, which only EFS supports. It must stay there for at least 90 days. Default: never.",
      ),
    restoreTests: restoreTests
      .optional()
      .describe(
        "Once a week the newest recovery point of each database, file system and bucket is restored next to the original and deleted an hour later. AWS charges for the restored resources during that time. Default: none.",
      ),
    copyTo: vaultArn
      .optional()
      .describe(
        "A vault in another account of the organisation, to which daily and monthly recovery points are copied, with the same retention. It must be in `account.region`: AWS Backup doesn't copy a database to another region and another account at once. docs/recovery.md describes the settings of that account, and of the policy aws-own-account-only. Default: none.",
      ),
    lock: lock.describe(
      "`governance`: a role with `backup:DeleteBackupVaultLockConfiguration` can remove it. `compliance`: no one can, ever.",
    ),
  })
  .superRefine(({ dailyDays, weeklyDays, monthlyDays, coldDays }, context) => {
    const fault = (key: string, message: string) =>
      context.addIssue({ code: "custom", path: [key], message });
    if (weeklyDays < dailyDays) fault("weeklyDays", `at least dailyDays (${dailyDays})`);
    if (monthlyDays < weeklyDays) fault("monthlyDays", `at least weeklyDays (${weeklyDays})`);
    if (coldDays !== undefined && monthlyDays < coldDays + coldStorageDays)
      fault(
        "monthlyDays",
        `at least coldDays + ${coldStorageDays} (${coldDays + coldStorageDays}), AWS Backup's minimum`,
      );
  });

export type VaultSettings = z.infer<typeof vault>;

const streams = z.strictObject({
  everyHours: where(
    integer(1, 24, "hours"),
    (hours) => 24 % hours === 0,
    "a divisor of 24, so that the times are the same every day",
  ).describe(
    "Hours between two snapshots, from midnight UTC. If a stream is lost, so are the messages since its last snapshot.",
  ),
});

export type StreamBackupSettings = z.infer<typeof streams>;

/** Minutes that a snapshot of the streams may take, with its upload. Source: the deadline of its job. */
export const streamMinutes = 60;

const configuration = z.strictObject({
  hour: hour.describe("Hour (UTC) of the daily export."),
  keepDays: integer(7, 3650, "days").describe(
    "Days after which an export is deleted. Until then it can't be.",
  ),
});

export type ConfigurationBackupSettings = z.infer<typeof configuration>;

/** In addition to each database's automated backups for point-in-time recovery (`backupDays`). */
export const backups = z
  .strictObject({
    dumps: z
      .strictObject({
        hour: hour.describe("Hour (UTC) at which every database is dumped."),
      })
      .optional()
      .describe(
        "A logical dump of every database each night, to the `backups` bucket of its system. Every Tuesday and Saturday the newest one is restored and compared with its manifest. Default: none.",
      ),
    streams: streams
      .optional()
      .describe(
        "Snapshots of JetStream's streams, with their consumers, to the `backups` bucket of their system. Default: none.",
      ),
    configuration: configuration
      .optional()
      .describe(
        "A daily export of the cluster's objects, without Secrets, and of the list of certificates to a locked bucket. Default: none.",
      ),
    vault: vault
      .optional()
      .describe(
        "AWS Backup's recovery points of databases, shared files and buckets, except the buckets for backups, in a vault with its own key. Default: none.",
      ),
  })
  .default({});

export type BackupSettings = z.infer<typeof backups>;

/** The account that recovery points are copied to, if there is one. */
export const copiesTo = ({ vault }: Pick<BackupSettings, "vault">): string | undefined =>
  vault?.copyTo?.split(":")[4];

/** Hours between a dump and its restore test. A dump that isn't complete by then is tested the next time. */
const restoredAfterHours = 4;

/** Cron schedule of the dumps, in UTC. */
export const dumpSchedule = ({ hour }: { readonly hour: number }): string => `17 ${hour} * * *`;

/** Cron schedule of the restore tests. Twice a week, since a CloudWatch alarm can evaluate seven days at most. */
export const restoreSchedule = ({ hour }: { readonly hour: number }): string =>
  `17 ${(hour + restoredAfterHours) % 24} * * 2,6`;

/** Cron schedule of the streams' backups: not at the start of the hour, when many other jobs start. */
export const streamSchedule = ({ everyHours }: StreamBackupSettings): string =>
  everyHours === 24 ? "23 0 * * *" : `23 ${everyHours === 1 ? "*" : `*/${everyHours}`} * * *`;

/** Cron schedule of the configuration's export. */
export const configurationSchedule = ({ hour }: ConfigurationBackupSettings): string => `41 ${hour} * * *`;
