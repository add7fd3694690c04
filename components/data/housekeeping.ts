import { nightly } from "../../config";

/** When AWS may work on caches, and how long it keeps the logs of caches and databases. */

/** Daily, UTC. */
export const backupWindow = nightly.backup;

/** Weekly, UTC. */
export const maintenanceWindow = nightly.maintenance;

/** Days that CloudWatch keeps the logs of caches, proxies, upgrades and functions. Those of databases: `databaseLogDays`. */
export const logRetentionDays = 90;
