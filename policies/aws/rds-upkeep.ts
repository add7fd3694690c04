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

/** Databases: recoverable, hard to delete by mistake, logged and kept up to date. */
export const rdsUpkeep: Policies = [
  onType(
    instance,
    {
      name: "rds-backup-retention",
      description: "Every database can be restored to a point in time.",
      severity: "critical",
      remediation:
        "Set backupRetentionPeriod to the days wanted, at most 35; RDS' own default is 0, which is off.",
      url: `${rdsGuide}/USER_WorkingWithAutomatedBackups.BackupRetention.html`,
      settings: {
        minimumDays: { type: "integer", minimum: 1, description: "Days for any database.", default: 1 },
        minimumDaysProtected: {
          type: "integer",
          minimum: 1,
          description: "Days for a database that is protected from deletion.",
          default: 7,
        },
      },
    },
    (db, { args, settings, report }) => {
      if (isReplica(db)) return;
      const days = args.opts.protect ? settings.minimumDaysProtected : settings.minimumDays;
      const found = db.backupRetentionPeriod ?? 0;
      if (!(found >= days))
        report(`backupRetentionPeriod is ${shown(found)}; at least ${days} days are needed.`);
    },
  ),
  onType(
    instance,
    {
      name: "rds-deletion-protection",
      description: "A database is protected from deletion in Pulumi and in RDS alike, or in neither.",
      severity: "high",
      remediation: "Set deletionProtection and the resource option `protect` from the same switch.",
      url: `${rdsGuide}/USER_DeleteInstance.html`,
    },
    (db, { args, report }) => {
      const guarded = db.deletionProtection === true;
      if (guarded !== args.opts.protect) {
        report(`deletionProtection is ${guarded} but protect is ${args.opts.protect}; they must agree.`);
      }
    },
  ),
  onType(
    instance,
    {
      name: "rds-final-snapshot",
      description: "A protected database leaves a final snapshot, which has a name.",
      severity: "high",
      remediation:
        "Set finalSnapshotIdentifier; skipFinalSnapshot only where nothing has to outlive the stack.",
      url: `${rdsGuide}/USER_DeleteInstance.html`,
    },
    (db, { args, report }) => {
      if (isReplica(db)) return;
      const named = isGiven(db, "finalSnapshotIdentifier");
      if (args.opts.protect && db.skipFinalSnapshot === true)
        return report("protected, but skipFinalSnapshot is true.");
      if (db.skipFinalSnapshot !== true && !named)
        report("a final snapshot is taken but finalSnapshotIdentifier is not set.");
    },
  ),
  onType(
    instance,
    {
      name: "rds-log-exports",
      description: "A PostgreSQL database sends its log to CloudWatch.",
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
      description: "Databases apply minor versions automatically.",
      severity: "medium",
      remediation: "Set autoMinorVersionUpgrade to true, or leave it out.",
      url: `${rdsGuide}/USER_UpgradeDBInstance.Upgrading.html`,
    },
    (db, { report }) => {
      if (db.autoMinorVersionUpgrade === false) report("autoMinorVersionUpgrade is false.");
    },
  ),
  onType(
    instance,
    {
      name: "rds-copy-tags",
      description: "Snapshots carry their database's tags, cost tags among them.",
      severity: "low",
      remediation: "Set copyTagsToSnapshot to true.",
      url: `${rdsGuide}/USER_Tagging.html`,
    },
    (db, { report }) => {
      if (db.copyTagsToSnapshot !== true) report(`copyTagsToSnapshot is ${shown(db.copyTagsToSnapshot)}.`);
    },
  ),
  onType(
    instance,
    {
      name: "rds-no-extended-support",
      description: "No database enrolls in paid extended support.",
      severity: "medium",
      remediation: "Set engineLifecycleSupport to open-source-rds-extended-support-disabled.",
      url: `${rdsGuide}/extended-support.html`,
    },
    (db, { report }) => {
      const found = db.engineLifecycleSupport;
      if (!isReplica(db) && !isPromoted(db) && found !== "open-source-rds-extended-support-disabled") {
        report(`engineLifecycleSupport is ${shown(found)}; RDS' default is to enrol.`);
      }
    },
  ),
  onType(
    instance,
    {
      name: "rds-engine-lifecycle",
      description: "A PostgreSQL version is upgraded well before its standard support ends.",
      level: "advisory",
      severity: "medium",
      remediation: "Plan the upgrade to a newer major version.",
      url: `${rdsGuide}/PostgreSQL.Concepts.General.DBVersions.html`,
      settings: {
        adviceDays: { type: "integer", minimum: 1, description: "Days before the end.", default: 180 },
      },
    },
    (db, { settings, report }) => {
      if (isReplica(db) || !isPostgres(db) || db.engineVersion === undefined) return;
      const [major = ""] = db.engineVersion.split(".");
      const end = endOfStandardSupport[major];
      if (end === undefined)
        return report(`PostgreSQL ${major} is not in the table of versions in standard support.`);
      const left = Math.floor((Date.parse(end) - Date.now()) / millisecondsADay);
      if (left <= settings.adviceDays)
        report(`standard support of PostgreSQL ${major} ends on ${end}, in ${left} days.`);
    },
  ),
];
