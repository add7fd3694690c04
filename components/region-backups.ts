import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "./base/component";
import { BackupPruning } from "./data/backup-pruning";
import { Vault, type VaultCopies } from "./storage/vault";
import type { ConfiguredSystem, RegionResources } from "./system-in-region";

export interface RegionBackupsArgs extends Pick<RegionResources, "context" | "settings" | "keys" | "alarms"> {
  readonly systems: readonly ConfiguredSystem[];
  /** What AWS Backup makes recovery points of. */
  readonly resourceArns: readonly pulumi.Input<string>[];
  /** Vault of the second region. Default: none. */
  readonly copies?: VaultCopies | undefined;
}

/**
 * What a region's systems share of backups: what removes the snapshots that releases make, where any does, and the
 * vault of AWS Backup, where the stack file has one.
 */
export function regionBackups(
  parent: Component,
  { systems, resourceArns, copies, context, settings, keys, alarms }: RegionBackupsArgs,
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
  if (vault === undefined || resourceArns.length === 0) return;
  new Vault(
    parent.child("vault"),
    { context, settings: vault, resourceArns, dataKeyArn: keys.data, alarmTopicArn, copies },
    parent.inside,
  );
}
