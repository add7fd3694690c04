import { z } from "zod";
import { instanceClass, instanceClasses } from "./instance-classes";
import { maxConnections, memoryFaults } from "./checks/memory";
import { parameters } from "./parameters";
import { pooling, poolingFaults } from "./pooling";
import { choice, flag, integer } from "./values";
import { windows } from "./windows";

/**
 * PostgreSQL majors that RDS has a parameter family for, with the end of RDS standard support.
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

/** An engine this close to its end of standard support is refused, in days (row DB-1). */
const refusedWithinDays = 30;
const day = 24 * 60 * 60 * 1000;

/** Storage in GiB. gp3 on RDS starts at 20 GiB and ends at 64 TiB. */
const storage = integer(20, 65536, "GiB");

/** RDS wants room for a tenth more. Source: RDS user guide, managing capacity automatically with storage autoscaling. */
const leastGrowth = 1.1;

const replicas = z.strictObject({
  count: integer(1, 5, "read replicas").describe("How many replicas share the role."),
  class: instanceClass.describe("RDS instance class of each."),
});

const amounts = (readRoles: readonly string[]) =>
  z.strictObject({
    version: choice(postgresVersions).describe(
      "Major version; minor upgrades are AWS's, in the maintenance window.",
    ),
    upgradingFrom: choice(postgresVersions)
      .optional()
      .describe(
        "Major version that the database still has: a major upgrade to `version` is wanted, at once. RDS upgrades the replicas along, which keep their parameters meanwhile. To be taken out when all of them are there: see `docs/upgrade-restore-destroy.md`. Without it RDS refuses another major version.",
      ),
    class: instanceClass,
    storage,
    maxStorage: storage.describe("Storage grows by itself up to this."),
    multiAz: flag.describe("A standby in another zone takes over by itself."),
    backupDays: integer(1, 35, "days").describe(
      "Point-in-time recovery reaches back this far; 35 days is AWS's limit. Replicas need 1 at least.",
    ),
    readReplicas: z
      .strictObject(Object.fromEntries(readRoles.map((role) => [role, replicas.optional()])))
      .default({}),
    parameters: parameters
      .default({})
      .describe("Of the primary and its replicas, as people write them: `shared_buffers: 4GB`."),
    pooling,
    windows,
    acceptEndOfSupport: flag
      .default(false)
      .describe("Runs an engine whose standard support has ended, or ends within 30 days."),
  });

export type PostgresSettings = z.infer<ReturnType<typeof amounts>>;

interface Found {
  readonly path: (string | number)[];
  readonly message: string;
}

/** The amounts of one PostgreSQL store. */
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

/** There is no way back to an older major version, but the snapshot. */
function upgradeFaults({ version, upgradingFrom }: PostgresSettings): Found[] {
  if (upgradingFrom === undefined || Number(upgradingFrom) < Number(version)) return [];
  return [{ path: ["upgradingFrom"], message: `a version before ${version}, or nothing` }];
}

/** Parameters that don't fit the memory of the primary or of a replica, and replicas that couldn't follow. */
function classFaults(value: PostgresSettings): Found[] {
  const roles = Object.entries(value.readReplicas).flatMap(([role, wanted]) =>
    wanted === undefined ? [] : [{ role, instance: wanted.class }],
  );
  const classes = [...new Set([value.class, ...roles.map(({ instance }) => instance)])];
  // A class that the table hasn't got has its own fault already.
  if (!classes.every((name) => Object.hasOwn(instanceClasses, name))) return [];
  const needed = maxConnections(value.class, value.parameters);
  return [
    ...classes.flatMap((name) =>
      memoryFaults(name, value.parameters).map(({ parameter, message }) => ({
        path: ["parameters", parameter],
        message,
      })),
    ),
    ...roles.flatMap(({ role, instance }) => {
      const taken = maxConnections(instance, value.parameters);
      // Source: PostgreSQL manual, hot standby, administrator's overview.
      const message = `a class as large as the primary's (${value.class}), or parameters.max_connections: a standby with fewer connections (${taken}) than its primary (${needed}) stops following it`;
      return taken < needed ? [{ path: ["readReplicas", role, "class"], message }] : [];
    }),
  ];
}
