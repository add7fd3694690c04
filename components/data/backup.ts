import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Component } from "../base/component";

/**
 * Identifiers of the backups that gates make of an instance: what the pruning knows them by. Letters, digits and
 * single hyphens; together at most 95 of the 255 characters that RDS takes.
 */
export const backupPrefix = (instance: string): string => `${instance}-gate-`;

export interface BackupArgs {
  readonly system: string;
  /** RDS identifier of the primary. */
  readonly instance: string;
  /** What the backup comes before: the digest of the image. */
  readonly revision: string;
  /** Checks that have passed. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/**
 * A snapshot of a database before its schema changes. It has the instance's own key. Pulumi forgets it when the next
 * one takes its place, and AWS keeps it: `BackupPruning` removes it by age.
 *
 * The one thing of AWS below a component that uses the cluster's provider, DNS records apart, and it has to be: it
 * comes after a job in the cluster, and before another.
 */
export function gateBackup(
  parent: Component,
  key: string,
  { system, instance, revision, waitsFor }: BackupArgs,
): aws.rds.Snapshot {
  // Who goes back to an image meets the backup that was made before it came in first: that keeps its name.
  const { hex: unique } = new random.RandomId(
    parent.child(key, "id"),
    { byteLength: 3, keepers: { instance, revision } },
    parent.inside,
  );
  return new aws.rds.Snapshot(
    parent.child(key),
    {
      dbInstanceIdentifier: instance,
      dbSnapshotIdentifier: unique.apply((text) => `${backupPrefix(instance)}${revision}-${text}`),
      tags: { "plinth:gate": system, "plinth:revision": revision },
    },
    {
      ...parent.inside,
      dependsOn: [...waitsFor],
      retainOnDelete: true,
      // A large database's first snapshot copies all of it.
      customTimeouts: { create: "3h" },
    },
  );
}
