/** A snapshot in RDS' description. */
export interface Snapshot {
  readonly DBSnapshotIdentifier?: string | undefined;
  readonly SnapshotCreateTime?: Date | undefined;
  readonly Status?: string | undefined;
}

/** Retention of the snapshots of an instance. */
export interface Rule {
  /** RDS identifier of the instance. */
  readonly instance: string;
  /** Prefix of the identifiers of its gates' snapshots. */
  readonly prefix: string;
  /** Retention in days. */
  readonly days: number;
}

const day = 24 * 60 * 60 * 1000;

/**
 * Identifiers of the snapshots to delete: made by a gate of the rule's instance, complete, older than its days, and not
 * the newest, which a rollback of the current version would need.
 */
export function expired(snapshots: readonly Snapshot[], rule: Rule, now: Date): string[] {
  const own = snapshots.flatMap(({ DBSnapshotIdentifier: id, SnapshotCreateTime: made, Status: status }) =>
    id?.startsWith(rule.prefix) === true && made !== undefined && status === "available"
      ? [{ id, made: made.getTime() }]
      : [],
  );
  const newest = Math.max(...own.map(({ made }) => made));
  return own
    .filter(({ made }) => made < newest && made < now.getTime() - rule.days * day)
    .map(({ id }) => id)
    .sort();
}
