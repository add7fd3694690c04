import type { CostRow } from "../cost";

/** Monthly cost of a component, or of a whole plan, before and after, in US dollars. */
export interface CostChange {
  before: number;
  after: number;
}

export interface CostDifference extends CostChange {
  /** Components whose cost changes by a cent or more, the largest change first. */
  components: (CostChange & { component: string })[];
}

/** The difference of two plans' costs. */
export function costDifference(before: readonly CostRow[], after: readonly CostRow[]): CostDifference {
  const sums = new Map<string, CostChange>();
  const add = (rows: readonly CostRow[], key: keyof CostChange) => {
    for (const { component, usd } of rows) {
      const sum = sums.get(component) ?? { before: 0, after: 0 };
      sum[key] += usd;
      sums.set(component, sum);
    }
  };
  add(before, "before");
  add(after, "after");
  const change = (of: CostChange) => Math.abs(of.after - of.before);
  const total = (rows: readonly CostRow[]) => rows.reduce((sum, { usd }) => sum + usd, 0);
  return {
    before: total(before),
    after: total(after),
    components: [...sums]
      .map(([component, sum]) => ({ component, ...sum }))
      .filter((sum) => change(sum) >= 0.01)
      .sort((a, b) => change(b) - change(a)),
  };
}

/** `USD 1200 → 1350 (+150)`. */
export const costText = ({ before, after }: CostChange): string => {
  const change = Math.round(after - before);
  return `USD ${Math.round(before)} → ${Math.round(after)} (${change < 0 ? "−" : "+"}${Math.abs(change)})`;
};
