import { expired, type Rule, type Snapshot } from "./expired";

/** The calls to RDS that pruning needs. */
export interface Snapshots {
  /** All manual snapshots of an instance. */
  list(instance: string): Promise<readonly Snapshot[]>;
  remove(id: string): Promise<void>;
}

/** Parses the rules that the program passes as JSON in `RULES`. Throws when they are invalid. */
export function readRules(text: string | undefined): Rule[] {
  const rules: unknown = JSON.parse(text ?? "null");
  const isRule = (value: unknown): value is Rule => {
    const { instance, prefix, days } = (value ?? {}) as Partial<Record<keyof Rule, unknown>>;
    const names = [instance, prefix].every((name) => typeof name === "string" && name.length > 0);
    return names && typeof days === "number" && days >= 1;
  };
  if (!Array.isArray(rules) || !rules.every(isRule)) throw new Error("RULES: no list of rules");
  return rules;
}

/**
 * Deletes what the rules allow and returns the identifiers. If a snapshot can't be deleted the others are still tried;
 * then it throws.
 */
export async function prune(rules: readonly Rule[], snapshots: Snapshots, now: Date): Promise<string[]> {
  const removed: string[] = [];
  const faults: unknown[] = [];
  for (const rule of rules)
    try {
      for (const id of expired(await snapshots.list(rule.instance), rule, now))
        await snapshots.remove(id).then(
          () => removed.push(id),
          (error: unknown) => faults.push(error),
        );
    } catch (error) {
      faults.push(error);
    }
  if (faults.length > 0) throw new AggregateError(faults, faults.map(String).join("; "));
  return removed;
}
