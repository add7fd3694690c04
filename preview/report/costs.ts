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

/** A month of a plan at list price, or why nobody can tell. */
export type Estimate =
  | {
      readonly rows: readonly CostRow[];
      /** Day of the oldest table of prices that was used. */
      readonly read: string;
      /** What is charged by use, and isn't in the rows. */
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

/** The estimate as lines: components from the dearest on, or with `all` every resource and what was assumed. */
export function costs(estimate: Estimate, all: boolean): string[] {
  if ("missing" in estimate) return [`  No estimate: ${estimate.missing}`];
  const { rows, read } = estimate;
  const without =
    estimate.leftOut.length === 0 ? [] : [`  By use, not counted: ${estimate.leftOut.join(", ")}`];
  const total = `${dollars(totalCost(rows))}  at list prices of ${read}, on demand, without taxes; prices/ and preview/cost/usage.ts say what is assumed`;
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
