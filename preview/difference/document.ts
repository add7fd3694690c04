import type { Plan } from "../report/json";
import { badUsage } from "../command-line";
import type { CostRow } from "../cost";
import { costDifference, type CostDifference } from "./cost";
import { compare, type Action, type Difference, type Row } from "./compare";
import type { Rename } from "./renames";

/** What `--against` prints with `--json`. */
export interface DifferenceDocument extends Omit<Difference, "renames"> {
  stack: string;
  /** The other plan: a revision, or `stack staging`. */
  against: string;
  /** Resources by action; components and changes of providers aren't counted. */
  summary: Record<Action, number>;
  renames: Omit<Rename, "members">[];
  /** URNs of stateful resources that are replaced or deleted, and that no `--accept` names. */
  lost: string[];
  /** URNs that `--accept` names. */
  accepted: string[];
  /** Monthly cost, if both plans have a price. */
  cost?: CostDifference;
}

const ACTIONS: readonly Action[] = ["added", "changed", "replaced", "deleted"];

/** How to compare. */
export interface Against {
  name: string;
  /** Whether the other plan is one of the same stack, so that resources that only it has are deleted. */
  sameStack: boolean;
  accepted: readonly string[];
  /** Monthly costs of the two plans, a row for each resource. */
  cost?: { before: readonly CostRow[]; after: readonly CostRow[] } | undefined;
}

/**
 * The difference of two plans as a plain document.
 *
 * @throws Usage if an accepted URN isn't one that is lost
 */
export function differenceOf(
  before: Plan,
  after: Plan,
  { name, sameStack, accepted, cost }: Against,
): DifferenceDocument {
  const { rows, renames, ...findings } = compare(before, after);
  const shown = sameStack ? rows : rows.flatMap(betweenStacks);
  const losing = shown.filter(({ loses }) => loses).map(({ urn }) => urn);
  const unknown = accepted.filter((urn) => !losing.includes(urn));
  if (unknown.length > 0)
    throw badUsage(
      `--accept ${unknown.join(" ")}: no stateful resource with this URN is replaced or deleted.`,
      losing.length === 0
        ? "Leave --accept out."
        : `Those that are:\n${losing.map((urn) => `  ${urn}`).join("\n")}`,
    );
  const summary = Object.fromEntries(
    ACTIONS.map((action) => [action, shown.filter((row) => row.action === action).length]),
  ) as Record<Action, number>;
  return {
    stack: after.stack,
    against: name,
    summary,
    rows: shown,
    renames: (sameStack ? renames : []).map(({ members: _, ...rename }) => rename),
    ...findings,
    lost: losing.filter((urn) => !accepted.includes(urn)),
    accepted: [...accepted],
    ...(cost === undefined ? {} : { cost: costDifference(cost.before, cost.after) }),
  };
}

/** Two environments don't replace each other, so nothing is replaced or lost between them. */
function betweenStacks({ rename: _, because: __, ...row }: Row): Row[] {
  if (row.action === "replaced" && row.changes.length === 0) return [];
  const changes = row.changes.map((change) => ({ ...change, replaces: false }));
  return [{ ...row, changes, loses: false, action: row.action === "replaced" ? "changed" : row.action }];
}
