import { awakeHours, type CostSettings } from "../../config";
import {
  costByComponent,
  leftOut,
  MissingPrice,
  monthlyCost,
  readPrices,
  totalCost,
  type CostRow,
  type PriceTable,
} from "../cost";
import type { Plan } from "./json";
import type { StackKeys } from "./stack-key";

/** Monthly cost of a plan at list price, or the reason why it is unknown. */
export type Estimate =
  | {
      readonly rows: readonly CostRow[];
      /** Day of the oldest table of prices that was used. */
      readonly read: string;
      /** Types that are charged by usage and aren't in the rows. */
      readonly leftOut: readonly string[];
    }
  | { readonly missing: string };

/** Components that the report names; the others are summed. `--all` names every resource. */
const named = 12;

/**
 * The estimate of a plan, with the usage and the night schedule of its stack file; undefined where that names no region.
 *
 * @throws RunError where a region that the plan uses has no table of prices, or an old one.
 */
export function estimate(root: string, plan: Plan, keys: StackKeys): Estimate | undefined {
  const { region } = (keys.account ?? {}) as { region?: unknown };
  if (typeof region !== "string") return undefined;
  const { usage = {}, schedule } = (keys.costs ?? {}) as Partial<CostSettings>;
  const tables = new Map<string, PriceTable>();
  const tableOf = (of: string): PriceTable => {
    const table = tables.get(of) ?? readPrices(root, of);
    tables.set(of, table);
    return table;
  };
  tableOf(region);
  try {
    const rows = monthlyCost(plan.resources, tableOf, {
      ...(schedule === undefined ? {} : { awakeHours: awakeHours(schedule) }),
      ...(usage as Parameters<typeof monthlyCost>[2]),
    });
    const [read = ""] = [...tables.values()].map((table) => table.read).sort();
    return { rows, read, leftOut: leftOut(plan.resources.map(({ type }) => type)) };
  } catch (error) {
    if (!(error instanceof MissingPrice)) throw error;
    return { missing: error.message };
  }
}

const dollars = (usd: number) => `USD ${usd.toFixed(usd < 10 ? 2 : 0)}`.padStart(10);

/** The estimate as lines: the most expensive components first, or with `all` every resource and its assumptions. */
export function costs(estimate: Estimate, all: boolean): string[] {
  if ("missing" in estimate) return [`  No estimate: ${estimate.missing}`];
  const { rows, read } = estimate;
  const without =
    estimate.leftOut.length === 0 ? [] : [`  Charged by usage, not counted: ${estimate.leftOut.join(", ")}`];
  const total = `${dollars(totalCost(rows))}  at list prices of ${read}, on demand, without taxes; the assumptions are in prices/ and preview/cost/usage.ts`;
  if (all)
    return [
      ...rows.map(({ usd, resource, assumption }) => `${dollars(usd)}  ${resource}: ${assumption}`),
      total,
      ...without,
    ];
  const components = costByComponent(rows);
  const rest = components.slice(named);
  const other = rest.reduce((sum, { usd }) => sum + usd, 0);
  return [
    ...components.slice(0, named).map(({ component, usd }) => `${dollars(usd)}  ${component}`),
    ...(rest.length === 0 ? [] : [`${dollars(other)}  ${rest.length} others`]),
    total,
    ...without,
  ];
}
