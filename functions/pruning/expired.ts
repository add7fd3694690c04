/** A snapshot as RDS describes it. */
export interface Snapshot {
  readonly DBSnapshotIdentifier?: string | undefined;
  readonly SnapshotCreateTime?: Date | undefined;
  readonly Status?: string | undefined;
}

/** Whose snapshots may go, and when. */
export interface Rule {
  /** RDS identifier of the instance. */
  readonly instance: string;
  /** How the identifiers of its gates' snapshots start. */
  readonly prefix: string;
  /** Days that each is kept. */
  readonly days: number;
}

const day = 24 * 60 * 60 * 1000;

/**
 * Identifiers of the snapshots that may go: made by a gate of the rule's instance, complete, older than its days, and
 * not the newest of their kind, which the version that serves now rolls back to.
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
