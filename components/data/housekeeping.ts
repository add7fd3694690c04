/**
 * When AWS may work on databases and caches, and how long it keeps their logs. Times are UTC: the night of the
 * region that the environments live in (ap-northeast-2, UTC+9), backups before maintenance, so that there is a fresh
 * one when an upgrade goes wrong.
 */

/** Daily, 01:00 to 02:00 in Seoul. Must not overlap with maintenance. */
export const backupWindow = "16:00-17:00";

/** Weekly, Monday 03:00 to 04:00 in Seoul. */
export const maintenanceWindow = "sun:18:00-sun:19:00";

/** The day before, since a replica must not run an older minor version than its primary. */
export const replicaMaintenanceWindow = "sat:18:00-sat:19:00";

/** Days that CloudWatch keeps the engines' logs. */
export const logRetentionDays = 90;
