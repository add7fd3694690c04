import type { Component } from "../base/component";
import { BackupPruning } from "../data/backup-pruning";
import type { Recoverable } from "../base/store";
import { BackupReports } from "../storage/backup-reports";
import { RestoreTests } from "../storage/restore-tests";
import { Vault, type VaultCopies } from "../storage/vault";
import type { ConfiguredSystem } from "./configured-systems";
import type { RegionResources } from "./resources";

export interface RegionBackupsArgs extends Pick<
  RegionResources,
  "context" | "settings" | "keys" | "alarms" | "accessLogs"
> {
  readonly systems: readonly ConfiguredSystem[];
  /** Resources that AWS Backup backs up, by `<system>-<store>`. */
  readonly recoverable: Readonly<Record<string, Recoverable>>;
  /** Vault of the second region. Default: none. */
  readonly copies?: VaultCopies | undefined;
}

/**
 * Backups that a region's systems share: the function that deletes old snapshots of releases, if any system creates
 * them, and the vault of AWS Backup, if the stack file has one.
 */
export function regionBackups(
  parent: Component,
  { systems, recoverable, copies, context, settings, keys, alarms, accessLogs }: RegionBackupsArgs,
): void {
  const alarmTopicArn = alarms.arn;
  const days = Object.fromEntries(
    systems.flatMap(({ spec, settings: { gates } }) =>
      gates.backup ? [[spec.name, gates.keepBackupsDays]] : [],
    ),
  );
  if (Object.keys(days).length > 0)
    new BackupPruning(
      parent.child("backups"),
      { context, days, logsKeyArn: keys.logs, alarmTopicArn },
      parent.inside,
    );
  const { vault } = settings.backups;
  const resourceArns = Object.values(recoverable).map(({ arn }) => arn);
  if (vault === undefined || resourceArns.length === 0) return;
  const { vaultArn, keyArn: vaultKeyArn } = new Vault(
    parent.child("vault"),
    { context, settings: vault, resourceArns, dataKeyArn: keys.data, alarmTopicArn, copies },
    parent.inside,
  );
  new BackupReports(
    parent.child("vault", "reports"),
    { context, days: settings.storage.accessLogDays, accessLogs },
    parent.inside,
  );
  if (vault.restoreTests === undefined) return;
  new RestoreTests(
    parent.child("vault", "tests"),
    {
      context,
      settings: vault.restoreTests,
      vaultArn,
      vaultKeyArn,
      dataKeyArn: keys.data,
      recoverable,
      alarmTopicArn,
    },
    parent.inside,
  );
}
