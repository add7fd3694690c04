import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { RunError } from "@pulumi/pulumi";

/** List prices of one region, in US dollars on demand, without taxes: a file of `prices/`. `global`: of services without one. */
export interface PriceTable {
  readonly region: string;
  /** Day on which the prices were read, `2026-10-01`. */
  readonly read: string;
  readonly source: string;
  readonly prices: Readonly<Record<string, { readonly usd: number; readonly unit: string }>>;
}

/** Days after which a table is too old to use: AWS changes prices a few times a year. */
const oldest = 365;

const day = 86_400_000;

/**
 * The prices of a region.
 *
 * @throws RunError where there is no table of it, or the table is older than a year.
 */
export function readPrices(root: string, region: string, now = new Date()): PriceTable {
  const file = `prices/${region}.json`;
  if (!existsSync(join(root, file)))
    throw new RunError(
      `${file} doesn't exist: there are no prices for ${region}. Copy the table of another region, change its usage types, and run node prices/refresh.mjs ${region}.`,
    );
  const table = JSON.parse(readFileSync(join(root, file), "utf8")) as PriceTable;
  const age = Math.floor((now.getTime() - new Date(table.read).getTime()) / day);
  if (!(age <= oldest))
    throw new RunError(
      `${file} was read on ${table.read}, ${age} days ago; allowed are ${oldest}. Run node prices/refresh.mjs ${region}.`,
    );
  return table;
}
