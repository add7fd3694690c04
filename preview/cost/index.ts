import type { PlannedResource } from "../report/json";
import { nodeRows } from "./nodes";
import type { PriceTable } from "./prices";
import { regionsOf } from "./regions";
import type { Priced } from "./rule";
import { pricesOf } from "./rules";
import { defaultUsage, type Usage } from "./usage";

export { leftOut } from "./free";
export { readPrices, type PriceTable } from "./prices";
export { defaultUsage, type Usage } from "./usage";

/** Monthly cost of one resource at list price. */
export interface CostRow {
  /** The component that it is a part of: `primary-ams-stores-postgres`. */
  readonly component: string;
  /** The resource's name. */
  readonly resource: string;
  /** US dollars a month. */
  readonly usd: number;
  /** The calculation, and its assumptions. */
  readonly assumption: string;
}

/** A resource whose price isn't in the table. */
export class MissingPrice extends Error {}

/**
 * Monthly cost of a plan at list price: a pure function of the plan, the price tables and the assumed usage. Each
 * resource is priced in its own region. `free.ts` says which types have no row, and why.
 *
 * @param tableOf The prices of a region; `global` is where CloudFront and Route 53 are billed.
 * @param usage Differences from {@link defaultUsage}.
 * @throws MissingPrice with every price that the tables lack.
 */
export function monthlyCost(
  resources: readonly PlannedResource[],
  tableOf: (region: string) => PriceTable,
  usage: Partial<Usage> = {},
): CostRow[] {
  const assumed: Usage = { ...defaultUsage, ...usage };
  const missing = new Map<string, Set<string>>();
  const regionOf = regionsOf(resources);
  const priceIn = (resource: PlannedResource) => (key: string) => {
    const region = regionOf(resource);
    if (region === undefined) throw new MissingPrice(`The region of ${resource.name} is unknown.`);
    const found = tableOf(region).prices[key]?.usd;
    if (found === undefined) missing.set(region, (missing.get(region) ?? new Set()).add(key));
    return found ?? 0;
  };
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const rows = resources.flatMap((resource): CostRow[] => {
    const component = byUrn.get(resource.parent ?? "")?.name ?? "";
    return pricesOf(resource, resources, priceIn(resource), assumed).map(({ usd, assumption }: Priced) => ({
      component,
      resource: resource.name,
      usd,
      assumption,
    }));
  });
  rows.push(...nodeRows(resources, priceIn, assumed));
  if (missing.size > 0)
    throw new MissingPrice(
      [...missing]
        .map(
          ([region, keys]) =>
            `prices/${region}.json has no price for ${[...keys].sort().join(", ")}: add the entry, and run node prices/refresh.mjs ${region}.`,
        )
        .join(" "),
    );
  return rows.sort((one, other) => other.usd - one.usd || (one.resource < other.resource ? -1 : 1));
}

/** US dollars a month by component, the largest first. */
export function costByComponent(rows: readonly CostRow[]): { component: string; usd: number }[] {
  const sums = new Map<string, number>();
  for (const { component, usd } of rows) sums.set(component, (sums.get(component) ?? 0) + usd);
  return [...sums].map(([component, usd]) => ({ component, usd })).sort((one, other) => other.usd - one.usd);
}

/** US dollars a month of all rows. */
export const totalCost = (rows: readonly CostRow[]): number => rows.reduce((sum, { usd }) => sum + usd, 0);
