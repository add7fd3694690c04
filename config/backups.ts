import { z } from "zod";
import { integer } from "./values";

/** Beside what each database keeps for point-in-time recovery (`backupDays`), which RDS does by itself. */
export const backups = z
  .strictObject({
    dumps: z
      .strictObject({
        hour: integer(0, 23, "o'clock, UTC").describe("Hour, UTC, at which every database is dumped."),
      })
      .optional()
      .describe(
        "A logical dump of every database each night, to the `backups` bucket of its system. Every Tuesday and Saturday the newest one is restored and compared with its manifest. Default: none.",
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
