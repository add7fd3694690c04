import type { Policies } from "@pulumi/policy";
import { onType } from "../lib/control";
import { isGiven, shown } from "../lib/wire";
import { instance, isPostgres, isPromoted, isReplica, rdsGuide } from "./rds-instance";

const millisecondsADay = 24 * 60 * 60 * 1000;

/** End of standard support by major version. Source: Amazon RDS release calendar for PostgreSQL. */
export const endOfStandardSupport: Readonly<Record<string, string>> = {
  "14": "2027-02-28",
  "15": "2028-02-29",
  "16": "2029-02-28",
  "17": "2030-02-28",
  "18": "2031-02-28",
};

/** RDS: backups, deletion protection, logs and upgrades. */
export const rdsUpkeep: Policies = [
  onType(
    instance,
    {
      name: "rds-backup-retention",
      description: "RDS DB instances must have automated backups with the minimum retention period.",
      severity: "critical",
      remediation:
        "Set backupRetentionPeriod to the required number of days, at most 35. The default, 0, disables automated backups.",
      url: `${rdsGuide}/USER_WorkingWithAutomatedBackups.BackupRetention.html`,
      settings: {
        minimumDays: {
          type: "integer",
          minimum: 1,
          description: "Minimum number of days for all databases.",
          default: 1,
        },
        minimumDaysProtected: {
          type: "integer",
          minimum: 1,
          description: "Minimum number of days for protected databases.",
          default: 7,
        },
      },
    },
    (db, { args, settings, report }) => {
      if (isReplica(db)) return;
      const days = args.opts.protect ? settings.minimumDaysProtected : settings.minimumDays;
      const found = db.backupRetentionPeriod ?? 0;
      if (!(found >= days)) report(`backupRetentionPeriod is ${shown(found)}; it must be at least ${days}.`);
    },
  ),
  onType(
    instance,
    {
      name: "rds-deletion-protection",
      description: "Deletion protection of RDS DB instances must match the resource option `protect`.",
      severity: "high",
      remediation: "Set deletionProtection and the resource option `protect` to the same value.",
      url: `${rdsGuide}/USER_DeleteInstance.html`,
    },
    (db, { args, report }) => {
      const guarded = db.deletionProtection === true;
      if (guarded !== args.opts.protect) {
        report(
          `deletionProtection is ${guarded} and the option protect is ${args.opts.protect}; they must be equal.`,
        );
      }
    },
  ),
  onType(
    instance,
    {
      name: "rds-final-snapshot",
      description:
        "RDS DB instances must name their final snapshot, and protected instances must not skip it.",
      severity: "high",
      remediation:
        "Set finalSnapshotIdentifier. Set skipFinalSnapshot to true only if the data isn't needed after the stack is destroyed.",
      url: `${rdsGuide}/USER_DeleteInstance.html`,
    },
    (db, { args, report }) => {
      if (isReplica(db)) return;
      const named = isGiven(db, "finalSnapshotIdentifier");
      if (args.opts.protect && db.skipFinalSnapshot === true)
        return report("skipFinalSnapshot is true; it must be false for a protected database.");
      if (db.skipFinalSnapshot !== true && !named)
        report("finalSnapshotIdentifier is not set; it must be set unless skipFinalSnapshot is true.");
    },
  ),
  onType(
    instance,
    {
      name: "rds-log-exports",
      description: "RDS for PostgreSQL DB instances must publish logs to CloudWatch Logs.",
      severity: "medium",
      remediation: 'Set enabledCloudwatchLogsExports to ["postgresql", "upgrade"].',
      url: `${rdsGuide}/USER_LogAccess.Procedural.UploadtoCloudWatch.html`,
    },
    (db, { report }) => {
      const found = db.enabledCloudwatchLogsExports;
      if (isPostgres(db) && !found?.includes("postgresql")) {
        report(`enabledCloudwatchLogsExports is ${shown(found)}; it must contain "postgresql".`);
      }
    },
  ),
  onType(
    instance,
    {
      name: "rds-minor-upgrades",
      description: "RDS DB instances must have automatic minor version upgrades enabled.",
      severity: "medium",
      remediation: "Set autoMinorVersionUpgrade to true, or remove it.",
      url: `${rdsGuide}/USER_UpgradeDBInstance.Upgrading.html`,
    },
    (db, { report }) => {
      if (db.autoMinorVersionUpgrade === false) report("autoMinorVersionUpgrade is false; it must be true.");
    },
  ),
  onType(
    instance,
    {
      name: "rds-copy-tags",
      description: "RDS DB instances must copy tags to snapshots.",
      severity: "low",
      remediation: "Set copyTagsToSnapshot to true.",
      url: `${rdsGuide}/USER_Tagging.html`,
    },
    (db, { report }) => {
      if (db.copyTagsToSnapshot !== true)
        report(`copyTagsToSnapshot is ${shown(db.copyTagsToSnapshot)}; it must be true.`);
    },
  ),
  onType(
    instance,
    {
      name: "rds-no-extended-support",
      description: "RDS DB instances must not be enrolled in RDS Extended Support.",
      severity: "medium",
      remediation:
        "Set engineLifecycleSupport to open-source-rds-extended-support-disabled. By default, RDS enrolls the instance and charges for it.",
      url: `${rdsGuide}/extended-support.html`,
    },
    (db, { report }) => {
      const found = db.engineLifecycleSupport;
      if (!isReplica(db) && !isPromoted(db) && found !== "open-source-rds-extended-support-disabled") {
        report(
          `engineLifecycleSupport is ${shown(found)}; it must be "open-source-rds-extended-support-disabled".`,
        );
      }
    },
  ),
  onType(
    instance,
    {
      name: "rds-engine-lifecycle",
      description: "RDS for PostgreSQL DB instances should be upgraded before standard support ends.",
      level: "advisory",
      severity: "medium",
      remediation: "Plan the upgrade to a newer major version.",
      url: `${rdsGuide}/PostgreSQL.Concepts.General.DBVersions.html`,
      settings: {
        adviceDays: {
          type: "integer",
          minimum: 1,
          description: "Number of days before the end of standard support.",
          default: 180,
        },
      },
    },
    (db, { settings, report }) => {
      if (isReplica(db) || !isPostgres(db) || db.engineVersion === undefined) return;
      const [major = ""] = db.engineVersion.split(".");
      const end = endOfStandardSupport[major];
      if (end === undefined)
        return report(`PostgreSQL ${major} is not in the list of versions in standard support.`);
      const left = Math.floor((Date.parse(end) - Date.now()) / millisecondsADay);
      if (left <= settings.adviceDays)
        report(`standard support for PostgreSQL ${major} ends on ${end}, in ${left} days.`);
    },
  ),
];
