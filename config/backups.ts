import { z } from "zod";
import { hour, integer } from "./values";

/** Days that AWS leaves to change one's mind before a compliance lock is permanent: 3 at least. */
const leastChangeableDays = 3;
/** Days that a recovery point stays in cold storage at least. Source: AWS Backup developer guide, lifecycle. */
const coldStorageDays = 90;

/** What somebody must have written into the stack file before a vault is locked permanently. */
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
    lock: lock.describe(
      "`governance`: whoever holds `backup:DeleteBackupVaultLockConfiguration` can lift it. `compliance`: nobody can, ever.",
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
    vault: vault
      .optional()
      .describe(
        "Recovery points of databases, shared files and buckets that AWS Backup makes, in a vault with its own key. Buckets for backups are left out. Default: none.",
      ),
  })
  .default({});

export type BackupSettings = z.infer<typeof backups>;

/** Hours after the dump at which it is restored: a dump that isn't there by then is left to the next time. */
const restoredAfterHours = 4;

/** When dumps are made, as cron writes it, UTC. */
export const dumpSchedule = ({ hour }: { readonly hour: number }): string => `17 ${hour} * * *`;

/** When the newest dump is restored. Twice a week, since an alarm of CloudWatch looks back seven days at most. */
export const restoreSchedule = ({ hour }: { readonly hour: number }): string =>
  `17 ${(hour + restoredAfterHours) % 24} * * 2,6`;
