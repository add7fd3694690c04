import { z } from "zod";
import { weekdays } from "../cluster/alert-routes";
import { choice, hour, integer, pattern, where } from "../values";

/** Days that AWS leaves to change one's mind before a compliance lock is permanent: 3 at least. */
const leastChangeableDays = 3;
/** Days that a recovery point stays in cold storage at least. Source: AWS Backup developer guide, lifecycle. */
const coldStorageDays = 90;

/** The sentence that a stack file must contain to lock a vault permanently. */
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
        .describe("The sentence that says that it can't be undone."),
    }),
  ],
  {
    error: "an object whose mode is none, governance or compliance (then with changeableForDays and consent)",
  },
);

const restoreTests = z.strictObject({
  weekday: choice(weekdays).describe("Weekday, in UTC."),
  hour: hour.describe("Hour, UTC, at which the restores begin, within one hour."),
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
      "Hour, UTC, of the daily recovery points; the weekly ones begin two hours later, the monthly ones four. Not in the databases' windows for backups and maintenance.",
    ),
    dailyDays: integer(1, 35, "days").describe("Days that a daily recovery point is kept."),
    weeklyDays: integer(7, 3650, "days").describe("Days that a weekly one is kept."),
    monthlyDays: integer(31, 36500, "days").describe("Days that a monthly one is kept."),
    coldDays: integer(1, 3650, "days")
      .optional()
      .describe(
        "Age at which a monthly one moves to cold storage; EFS alone has it. Kept for 90 days more at least. Default: never.",
      ),
    restoreTests: restoreTests
      .optional()
      .describe(
        "Once a week the newest recovery point of each database, file system and bucket is restored next to the original and deleted an hour later. Each restore costs as an instance, a file system and a bucket do for that time. Default: none.",
      ),
    copyTo: vaultArn
      .optional()
      .describe(
        "A vault in another account of the organisation, which daily and monthly recovery points are copied to, and kept as long. In the region of `account.region`: AWS Backup doesn't copy a database to another region and another account at once. What that account, and the policy aws-own-account-only, need: docs/recovery.md. Default: none.",
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
        `at least coldDays + ${coldStorageDays} (${coldDays + coldStorageDays}): AWS Backup refuses less`,
      );
  });

export type VaultSettings = z.infer<typeof vault>;

const streams = z.strictObject({
  everyHours: where(
    integer(1, 24, "hours"),
    (hours) => 24 % hours === 0,
    "a divisor of 24, so that the times are the same every day",
  ).describe(
    "Hours between two snapshots, from midnight UTC. What was published since the last one is lost with its stream.",
  ),
});

export type StreamBackupSettings = z.infer<typeof streams>;

/** Minutes that a snapshot of the streams may take, with its upload. Source: the deadline of its job. */
export const streamMinutes = 60;

const configuration = z.strictObject({
  hour: hour.describe("Hour, UTC, of the daily export."),
  keepDays: integer(7, 3650, "days").describe("Days that an export can't be deleted; then it is."),
});

export type ConfigurationBackupSettings = z.infer<typeof configuration>;

/** Beside what each database keeps for point-in-time recovery (`backupDays`), which RDS does by itself. */
export const backups = z
  .strictObject({
    dumps: z
      .strictObject({
        hour: hour.describe("Hour, UTC, at which every database is dumped."),
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
        "Recovery points of databases, shared files and buckets that AWS Backup makes, in a vault with its own key. Buckets for backups are left out. Default: none.",
      ),
  })
  .default({});

export type BackupSettings = z.infer<typeof backups>;

/** The account that recovery points are copied to, if there is one. */
export const copiesTo = ({ vault }: Pick<BackupSettings, "vault">): string | undefined =>
  vault?.copyTo?.split(":")[4];

/** Hours after the dump at which it is restored: a dump that isn't there by then is left to the next time. */
const restoredAfterHours = 4;

/** When dumps are made, as cron writes it, UTC. */
export const dumpSchedule = ({ hour }: { readonly hour: number }): string => `17 ${hour} * * *`;

/** When the newest dump is restored. Twice a week, since an alarm of CloudWatch looks back seven days at most. */
export const restoreSchedule = ({ hour }: { readonly hour: number }): string =>
  `17 ${(hour + restoredAfterHours) % 24} * * 2,6`;

/** When streams are backed up: not at the hour's start, when many other jobs begin. */
export const streamSchedule = ({ everyHours }: StreamBackupSettings): string =>
  everyHours === 24 ? "23 0 * * *" : `23 ${everyHours === 1 ? "*" : `*/${everyHours}`} * * *`;

/** When the configuration is exported. */
export const configurationSchedule = ({ hour }: ConfigurationBackupSettings): string => `41 ${hour} * * *`;
