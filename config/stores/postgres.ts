import { z } from "zod";
import { instanceClass, instanceClasses } from "./instance-classes";
import { maxConnections, memoryFaults } from "../checks/memory";
import { parameters } from "./parameters";
import { pooling, poolingFaults } from "./pooling";
import { choice, flag, integer, ordinal } from "../values";
import { windows } from "../windows";

/**
 * PostgreSQL major versions that RDS has a parameter family for, with the end of RDS standard support.
 *
 * Source: Amazon RDS release calendar for PostgreSQL.
 */
export const postgresEndOfSupport = {
  "14": "2027-02-28",
  "15": "2028-02-29",
  "16": "2029-02-28",
  "17": "2030-02-28",
  "18": "2031-02-28",
} as const;

type PostgresVersion = keyof typeof postgresEndOfSupport;
const postgresVersions = Object.keys(postgresEndOfSupport) as [PostgresVersion, ...PostgresVersion[]];

/** Days before its end of standard support from which an engine is refused (row DB-1). */
const refusedWithinDays = 30;
const day = 24 * 60 * 60 * 1000;

/** Storage in GiB. gp3 on RDS starts at 20 GiB and ends at 64 TiB. */
const storage = integer(20, 65536, "GiB");

/**
 * RDS requires a maximum of at least a tenth more. Source: RDS user guide, managing capacity automatically with storage
 * autoscaling.
 */
const leastGrowth = 1.1;

const replicas = z.strictObject({
  count: integer(1, 5, "read replicas").describe("Number of replicas of the role."),
  class: instanceClass.describe("RDS instance class of each replica."),
});

const amounts = (readRoles: readonly string[]) =>
  z.strictObject({
    version: choice(postgresVersions).describe(
      "Major version; AWS applies minor upgrades in the maintenance window.",
    ),
    upgradingFrom: choice(postgresVersions)
      .optional()
      .describe(
        "Current major version of the database: allows an immediate major upgrade to `version`. RDS also upgrades the replicas, which keep their parameter group meanwhile. Remove it once all are upgraded: see `docs/upgrade-restore-destroy.md`. Without it RDS refuses another major version.",
      ),
    class: instanceClass,
    storage,
    maxStorage: storage.describe("Limit of storage autoscaling, in GiB."),
    multiAz: flag.describe("Standby in another zone with automatic failover."),
    backupDays: integer(1, 35, "days").describe(
      "Retention of automated backups for point-in-time recovery, in days; 35 is AWS' limit. Replicas need at least 1.",
    ),
    readReplicas: z
      .strictObject(Object.fromEntries(readRoles.map((role) => [role, replicas.optional()])))
      .default({}),
    parameters: parameters
      .default({})
      .describe("Parameters of the primary and its replicas, with units: `shared_buffers: 4GB`."),
    pooling,
    windows,
    credentialsVersion: ordinal(1, 100000, "the password's number")
      .default(1)
      .describe(
        "Version of the master user's password. Increment it for a new one, which the same update sets on the instance and in the entry. The workloads' logins have a rotation of their own. Default: 1.",
      ),
    acceptEndOfSupport: flag
      .default(false)
      .describe("Allows an engine whose standard support has ended or ends within 30 days."),
  });

export type PostgresSettings = z.infer<ReturnType<typeof amounts>>;

interface Found {
  readonly path: (string | number)[];
  readonly message: string;
}

/** The settings of one PostgreSQL store. */
export const postgres = (readRoles: readonly string[], now: Date) =>
  amounts(readRoles).superRefine((value, context) => {
    const found = [
      ...storageFaults(value),
      ...supportFaults(value, now),
      ...upgradeFaults(value),
      ...poolingFaults(value),
      ...classFaults(value),
    ];
    for (const fault of found) context.addIssue({ code: "custom", ...fault });
  });

function storageFaults({ storage: first, maxStorage }: PostgresSettings): Found[] {
  const least = Math.ceil(first * leastGrowth);
  if (maxStorage >= least) return [];
  return [{ path: ["maxStorage"], message: `at least ${least}: a tenth more than storage (${first} GiB)` }];
}

function supportFaults({ version, acceptEndOfSupport }: PostgresSettings, now: Date): Found[] {
  const end = postgresEndOfSupport[version];
  const left = Math.floor((Date.parse(end) - now.getTime()) / day);
  if (left > refusedWithinDays || acceptEndOfSupport) return [];
  const message = `a version with more than ${refusedWithinDays} days of standard support left: this one's ends on ${end}; upgrade, or set acceptEndOfSupport: true`;
  return [{ path: ["version"], message }];
}

/** A major version can't be downgraded, only restored from a snapshot. */
function upgradeFaults({ version, upgradingFrom }: PostgresSettings): Found[] {
  if (upgradingFrom === undefined || Number(upgradingFrom) < Number(version)) return [];
  return [{ path: ["upgradingFrom"], message: `a version before ${version}, or nothing` }];
}

/** Parameters that exceed the memory of the primary or a replica, and replicas that couldn't replicate. */
function classFaults(value: PostgresSettings): Found[] {
  const roles = Object.entries(value.readReplicas).flatMap(([role, wanted]) =>
    wanted === undefined ? [] : [{ role, instance: wanted.class }],
  );
  const classes = [...new Set([value.class, ...roles.map(({ instance }) => instance)])];
  // A class that isn't in the table is already another fault.
  if (!classes.every((name) => Object.hasOwn(instanceClasses, name))) return [];
  return [
    ...classes.flatMap((name) =>
      memoryFaults(name, value.parameters).map(({ parameter, message }) => ({
        path: ["parameters", parameter],
        message,
      })),
    ),
    ...roles.flatMap(({ role, instance }) =>
      connectionFault(value, instance).map((message) => ({ path: ["readReplicas", role, "class"], message })),
    ),
  ];
}

/** Why a replica of this class couldn't replicate: none or one reason. */
export function connectionFault(primary: PostgresSettings, instance: string): string[] {
  const [needed, taken] = [primary.class, instance].map((name) => maxConnections(name, primary.parameters));
  // Source: PostgreSQL manual, hot standby, administrator's overview.
  const message = `a class as large as the primary's (${primary.class}), or parameters.max_connections: a standby with fewer connections (${taken}) than its primary (${needed}) stops replicating`;
  return Number(taken) < Number(needed) ? [message] : [];
}
