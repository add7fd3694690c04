/** Replicated backups of a database. */
export interface Copy {
  /** Identifier of the source database. */
  readonly database: string;
  /** The latest time that they can be restored to. Undefined: there is nothing to restore yet. */
  readonly latest: Date | undefined;
}

/** How far the backups of a database are behind, in minutes. Undefined: they can't be restored. */
export interface CopyAge {
  readonly database: string;
  readonly minutes: number | undefined;
}

const minute = 60 * 1000;

/** Parses the identifiers that the program passes as JSON in `DATABASES`. Throws when they are invalid. */
export function readDatabases(text: string | undefined): string[] {
  const found: unknown = JSON.parse(text ?? "null");
  const valid = Array.isArray(found) && found.length > 0 && found.every((one) => typeof one === "string");
  if (!valid) throw new Error("DATABASES: no list of identifiers");
  return found as string[];
}

/** How far each database's replicated backups are behind, the worst first. */
export function copyAges(databases: readonly string[], copies: readonly Copy[], now: Date): CopyAge[] {
  const worst = ({ minutes }: CopyAge) => minutes ?? Infinity;
  return databases
    .map((database): CopyAge => {
      const latest = copies.find((copy) => copy.database === database)?.latest;
      const minutes =
        latest === undefined
          ? undefined
          : Math.max(0, Math.floor((now.getTime() - latest.getTime()) / minute));
      return { database, minutes };
    })
    .sort((one, other) => (worst(one) === worst(other) ? 0 : worst(other) - worst(one)));
}

/**
 * The value for the alarm: minutes that the worst database is behind. Throws if a database has no backup to restore
 * from.
 */
export function behind(ages: readonly CopyAge[]): number {
  const missing = ages.filter(({ minutes }) => minutes === undefined).map(({ database }) => database);
  if (missing.length > 0)
    throw new Error(`no replicated automated backup to restore from: ${missing.join(", ")}`);
  return Math.max(...ages.map(({ minutes = 0 }) => minutes));
}
