import { z } from "zod";
import { integer, pattern, where } from "../values";

/**
 * Minimum storage duration of Glacier (Instant or Flexible Retrieval) in days. Source: S3 user guide, storage classes.
 */
const glacierDays = 90;

/**
 * Reserved by S3. Source: S3 user guide, general purpose bucket naming rules. Plinth's own names have no dot, since a
 * dot breaks TLS to the bucket's host name.
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
        "Name of the bucket, if other programs refer to it. Default: derived from prefix, system and account.",
      ),
    warmDays: integer(30, 3650, "days").describe(
      "Age in days at which an object moves to Infrequent Access (S3 allows 30 or more).",
    ),
    coldDays: integer(60, 3650, "days").describe(
      "Age in days at which it moves to Glacier Instant Retrieval, from which it is read as before, or, in a bucket for backups, to Glacier Flexible Retrieval, from which it must be restored first.",
    ),
    expireDays: integer(90, 36500, "days")
      .optional()
      .describe("Age in days at which it is deleted. Default: never."),
    noncurrentDays: integer(1, 3650, "days").describe("How long a replaced or deleted version is kept."),
    objectLockDays: integer(1, 3650, "days")
      .optional()
      .describe(
        "Object Lock retention (governance mode): for this many days after it is written, a version can't be deleted, except with `s3:BypassGovernanceRetention`. Default: no lock. Existing versions keep their retention.",
      ),
  })
  .superRefine(({ warmDays, coldDays, expireDays, objectLockDays }, context) => {
    const fault = (key: string, message: string) =>
      context.addIssue({ code: "custom", path: [key], message });
    if (coldDays < warmDays + 30) fault("coldDays", `at least warmDays + 30 (${warmDays + 30})`);
    if (expireDays !== undefined && expireDays < coldDays + glacierDays)
      fault(
        "expireDays",
        `at least coldDays + ${glacierDays} (${coldDays + glacierDays}): Glacier charges at least ${glacierDays} days of storage`,
      );
    if (expireDays !== undefined && objectLockDays !== undefined && objectLockDays > expireDays)
      fault("objectLockDays", `at most expireDays (${expireDays}): locked versions can't be deleted`);
  });

export type BucketSettings = z.infer<typeof bucket>;
