import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/*
 * `node prices/refresh.mjs <region>`: writes the table of a region again from AWS' public price list. It needs the
 * internet and no credentials; EC2's file has some hundred megabytes. Entries keep their keys: what isn't in the price list
 * any more is named, and nothing is written.
 */

const here = dirname(fileURLToPath(import.meta.url));
/** Services without a region, such as CloudFront, have one file. */
const offer = (service, region) =>
  `https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/${service}/current/${region === "global" ? "" : `${region}/`}index.json`;

/**
 * The price on demand of an entry in an offer file, of the tier that begins at `begin`; undefined: it isn't there, or isn't
 * the only one.
 */
export function priceIn({ products, terms }, { usagetype, attributes = {}, begin = 0 }) {
  const wanted = Object.entries({ usagetype, ...attributes });
  const found = Object.values(products).filter(({ attributes: has }) =>
    wanted.every(([key, value]) => has[key] === value),
  );
  const prices = found.flatMap(({ sku }) =>
    Object.values(terms.OnDemand?.[sku] ?? {}).flatMap(({ priceDimensions }) =>
      Object.values(priceDimensions)
        .filter(({ beginRange = "0" }) => Number(beginRange) === begin)
        .map(({ pricePerUnit }) => Number(pricePerUnit.USD)),
    ),
  );
  const positive = [...new Set(prices.filter((price) => price > 0))];
  return positive.length === 1 ? positive[0] : undefined;
}

async function refresh(region) {
  const file = join(here, `${region}.json`);
  const table = JSON.parse(readFileSync(file, "utf8"));
  const services = [...new Set(Object.values(table.prices).map(({ service }) => service))];
  const missing = [];
  for (const service of services) {
    const answer = await fetch(offer(service, region));
    if (!answer.ok) throw new Error(`${offer(service, region)}: ${answer.status}`);
    const list = await answer.json();
    for (const [key, entry] of Object.entries(table.prices)) {
      if (entry.service !== service) continue;
      const usd = priceIn(list, entry);
      if (usd === undefined) missing.push(`${key}: ${service} has no single price for ${entry.usagetype}`);
      else {
        entry.usd = usd;
        delete entry.derived;
      }
    }
  }
  if (missing.length > 0) throw new Error(missing.join("\n"));
  table.read = new Date().toISOString().slice(0, 10);
  writeFileSync(file, `${JSON.stringify(table, null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await refresh(process.argv[2] ?? "ap-northeast-2");
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
