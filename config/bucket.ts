import { z } from "zod";
import { integer, pattern, where } from "./values";

/** Days that an object in Glacier (Instant or Flexible Retrieval) is paid for. Source: S3 user guide, storage classes. */
const glacierDays = 90;

/**
 * S3 keeps these for itself. Source: S3 user guide, general purpose bucket naming rules. Plinth's own names have no
 * dot, since a dot breaks TLS to the bucket's host name.
 */
const reservedStarts = ["xn--", "sthree-", "amzn-s3-demo-"];
const reservedEnds = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

const bucketName = where(
  pattern(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "a bucket name of 3 to 63 characters: a-z, 0-9 and -", 63),
  (name) =>
    !reservedStarts.some((start) => name.startsWith(start)) &&
    !reservedEnds.some((end) => name.endsWith(end)),
  `a bucket name that S3 doesn't reserve: not ${reservedStarts.map((start) => `${start}…`).join(", ")}, ${reservedEnds.map((end) => `…${end}`).join(", ")}`,
);

export const bucket = z
  .strictObject({
    name: bucketName
      .optional()
      .describe(
        "Name, where others must know it; else it follows from the prefix, the system and the account.",
      ),
    warmDays: integer(30, 3650, "days").describe(
      "Age in days at which an object moves to Infrequent Access (S3 allows 30 or more).",
    ),
    coldDays: integer(60, 3650, "days").describe(
      "Age in days at which it moves on: to Glacier Instant Retrieval, where it is read as before, or, in a bucket for backups, to Glacier Flexible Retrieval, where it must be restored before it is read.",
    ),
    expireDays: integer(90, 36500, "days")
      .optional()
      .describe("Age in days at which it is deleted; left out: never."),
    noncurrentDays: integer(1, 3650, "days").describe("How long a replaced or deleted version is kept."),
    objectLockDays: integer(1, 3650, "days")
      .optional()
      .describe(
        "For so many days after it was written no version can be deleted or replaced, but by who holds `s3:BypassGovernanceRetention` (governance mode); left out: no lock. Versions that were written before keep the days that they were written with.",
      ),
  })
  .superRefine(({ warmDays, coldDays, expireDays, objectLockDays }, context) => {
    const fault = (key: string, message: string) =>
      context.addIssue({ code: "custom", path: [key], message });
    if (coldDays < warmDays + 30) fault("coldDays", `at least warmDays + 30 (${warmDays + 30})`);
    if (expireDays !== undefined && expireDays < coldDays + glacierDays)
      fault(
        "expireDays",
        `at least coldDays + ${glacierDays} (${coldDays + glacierDays}): Glacier's storage is paid for ${glacierDays} days at least`,
      );
    if (expireDays !== undefined && objectLockDays !== undefined && objectLockDays > expireDays)
      fault("objectLockDays", `at most expireDays (${expireDays}): what is locked can't be deleted`);
  });

export type BucketSettings = z.infer<typeof bucket>;
