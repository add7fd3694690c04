import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Component } from "../base/component";

/**
 * Prefix of the identifiers of backups that gates make of an instance, by which pruning finds them. Identifiers have
 * letters, digits and single hyphens, and at most 95 of the 255 characters that RDS allows.
 */
export const backupPrefix = (instance: string): string => `${instance}-gate-`;

export interface BackupArgs {
  readonly system: string;
  /** RDS identifier of the primary. */
  readonly instance: string;
  /** Revision that the backup precedes: the digest of the image. */
  readonly revision: string;
  /** Checks that have passed. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/**
 * A snapshot of a database before its schema changes, encrypted with the instance's key. When the next one replaces it,
 * Pulumi forgets it and AWS keeps it; `BackupPruning` removes it by age.
 *
 * Apart from DNS records, the only AWS resource below a component that uses the cluster's provider, because it is
 * created between two jobs in the cluster.
 */
export function gateBackup(
  parent: Component,
  key: string,
  { system, instance, revision, waitsFor }: BackupArgs,
): aws.rds.Snapshot {
  // A rollback to an earlier image would reuse the name of the backup made before that image's first release.
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
