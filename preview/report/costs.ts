import { awakeHours, type CostSettings } from "../../config";
import { costByComponent, MissingPrice, monthlyCost, readPrices, totalCost, type CostRow } from "../cost";
import type { Plan } from "./json";
import type { StackKeys } from "./stack-key";

/** A month of a plan at list price, or why nobody can tell. */
export type Estimate =
  { readonly rows: readonly CostRow[]; readonly read: string } | { readonly missing: string };

/** Components that the report names; the others are summed. `--all` names every resource. */
const named = 12;

/**
 * The estimate of a plan; undefined where its stack file names no region.
 *
 * @throws RunError where the region has no table of prices, or an old one.
 */
export function estimate(root: string, plan: Plan, keys: StackKeys): Estimate | undefined {
  const { region } = (keys.account ?? {}) as { region?: unknown };
  if (typeof region !== "string") return undefined;
  const { usage = {}, schedule } = (keys.costs ?? {}) as Partial<CostSettings>;
  const table = readPrices(root, region);
  try {
    return {
      rows: monthlyCost(plan.resources, table, {
        ...(schedule === undefined ? {} : { awakeHours: awakeHours(schedule) }),
        ...(usage as Parameters<typeof monthlyCost>[2]),
      }),
      read: table.read,
    };
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
  const total = `${dollars(totalCost(rows))}  at list prices of ${read}, on demand, without taxes; prices/ and preview/cost/usage.ts say what is assumed`;
  if (all)
    return [
      ...rows.map(({ usd, resource, assumption }) => `${dollars(usd)}  ${resource}: ${assumption}`),
      total,
    ];
  const components = costByComponent(rows);
  const rest = components.slice(named);
  const other = rest.reduce((sum, { usd }) => sum + usd, 0);
  return [
    ...components.slice(0, named).map(({ component, usd }) => `${dollars(usd)}  ${component}`),
    ...(rest.length === 0 ? [] : [`${dollars(other)}  ${rest.length} others`]),
    total,
  ];
}
