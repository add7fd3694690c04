import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awakeHours } from "../../../config";
import { costByComponent, MissingPrice, monthlyCost, readPrices, totalCost } from "../../../preview/cost";
import { requested } from "../../../preview/cost/nodes";
import { document } from "../../../preview/report/json";
import { recordingOf } from "../../support/frozen";

const root = join(__dirname, "../../..");
const prices = (region: string) => readPrices(root, region, new Date("2026-11-21"));

const planOf = async (stack: string) =>
  document(stack, await recordingOf(stack), {
    pack: { name: "", version: "" },
    policies: [],
    violations: [],
  }).resources;

const componentOf = async (stack: string, component: string): Promise<number> => {
  const found = costByComponent(monthlyCost(await planOf(stack), prices)).find(
    (each) => each.component === component,
  );
  return found?.usd ?? assert.fail(`nothing of ${component} costs anything`);
};

/** Within 10 %. */
const near = (found: number, expected: number) =>
  assert.ok(
    Math.abs(found - expected) <= 0.1 * expected,
    `${found.toFixed(2)}, expected ${expected.toFixed(2)}`,
  );

describe("the monthly estimate", () => {
  it("matches a manual calculation: staging's NAT gateway", async () => {
    // With its address: 730 h × 0.059 + 20 GiB × 0.059 + 730 h × 0.005.
    near(await componentOf("staging", "primary-network-gateways"), 43.07 + 1.18 + 3.65);
  });

  it("matches a manual calculation: dev's NAT instance", async () => {
    // A t4g.nano, 8 GiB of gp3 and an address: 730 h × 0.0052 + 8 GiB × 0.0912 + 730 h × 0.005.
    near(await componentOf("dev", "primary-network-gateways-instance"), 3.8 + 0.73 + 3.65);
  });

  it("matches a manual calculation: prod's database of AMS", async () => {
    // A db.m7g.large in two zones (list price 0.4688 an hour) and two replicas of 0.2344, 20 GiB each at 0.131 (0.262).
    near(
      await componentOf("prod", "primary-ams-stores-postgres"),
      730 * (0.4688 + 2 * 0.2344) + 20 * (0.262 + 2 * 0.131),
    );
  });

  it("matches a manual calculation: prod's cache of OPMAS", async () => {
    // Three nodes of cache.m7g.large with Valkey at 0.1512, and the login's entry.
    near(await componentOf("prod", "primary-opmas-stores-cache"), 3 * 730 * 0.1512 + 0.4);
  });

  it("matches a manual calculation: a zone for an interface endpoint", async () => {
    // Six services in three zones at 0.013 an hour.
    near(await componentOf("prod", "primary-network-endpoints"), 6 * 3 * 730 * 0.013);
  });

  it("matches a manual calculation: prod's search domain", async () => {
    // Three r6g.large.search at 0.2021, three managers of m6g.large.search at 0.1562, 300 GiB each at 0.1391, and a key.
    const found = monthlyCost(await planOf("prod"), prices)
      .filter(({ resource }) => resource === "primary-telemetry-stores-search-domain")
      .reduce((sum, { usd }) => sum + usd, 0);
    near(found, 730 * 3 * (0.2021 + 0.1562) + 900 * 0.1391);
  });

  it("counts a chart's volumes, one for each server", async () => {
    const row = monthlyCost(await planOf("prod"), prices).find(
      ({ resource }) => resource === "primary-opmas-nats-release",
    );
    assert.equal(row?.assumption, "150 GiB of volumes");
    near(row.usd, 3 * 50 * 0.0912);
  });

  it("counts the nodes that the pods need, which aren't resources of the plan", async () => {
    const plan = await planOf("prod");
    const row = monthlyCost(plan, prices).find(({ resource }) => resource.endsWith("-nodes-pool"));
    assert.match(row?.assumption ?? "", /^\d+ × c7i\.large on demand with Auto Mode for [\d.]+ cores/);
    const { cpu, memory } = requested(plan);
    const half = requested(plan.filter(({ type }) => type !== "kubernetes:helm.sh/v3:Release"));
    assert.ok(half.cpu < cpu && half.memory < memory, "charts have pods, too");
    const twice = monthlyCost(plan, prices, { filledShare: 0.35 });
    assert.ok(totalCost(twice) > totalCost(monthlyCost(plan, prices)));
  });

  it("follows the assumptions on usage", async () => {
    const plan = await planOf("staging");
    const more =
      totalCost(monthlyCost(plan, prices, { natGib: 1020 })) - totalCost(monthlyCost(plan, prices));
    near(more, 1000 * 0.059);
  });

  it("names every price that the table lacks", async () => {
    const table = prices("ap-northeast-2");
    const { "rds.gp3": gone, "kms.key": other, ...rest } = table.prices;
    assert.ok(gone && other);
    const plan = await planOf("dev");
    assert.throws(
      () => monthlyCost(plan, () => ({ ...table, prices: rest })),
      (error: Error) => {
        assert.ok(error instanceof MissingPrice);
        return /no price for kms\.key, rds\.gp3: add the entry/.test(error.message);
      },
    );
  });

  it("counts nodes and databases only in the schedule's hours, and everything else always", async () => {
    const days = ["mon", "tue", "wed", "thu", "fri"] as const;
    const schedule = { timeZone: "Asia/Seoul", days: [...days], from: "09:00", to: "19:00" };
    const plan = await planOf("dev");
    const always = totalCost(monthlyCost(plan, prices));
    const scheduled = totalCost(monthlyCost(plan, prices, { awakeHours: awakeHours(schedule) }));
    // 498 hours fewer of two c7i.large on spot with Auto Mode and 80 GiB of disk, and of four db.t4g.micro.
    const hours = 730 - 232;
    near(always - scheduled, hours * (2 * (0.1008 * (0.4 + 0.12) + (80 * 0.0912) / 730) + 4 * 0.025));
  });
});

describe("a table of prices", () => {
  const folder = mkdtempSync(join(tmpdir(), "plinth-prices-"));
  after(() => rmSync(folder, { recursive: true }));

  it("is refused a year after it was read", () => {
    mkdirSync(join(folder, "prices"));
    writeFileSync(
      join(folder, "prices/eu-west-1.json"),
      JSON.stringify({ ...prices("ap-northeast-2"), read: "2026-01-01" }),
    );
    assert.equal(readPrices(folder, "eu-west-1", new Date("2027-01-01")).read, "2026-01-01");
    assert.throws(
      () => readPrices(folder, "eu-west-1", new Date("2027-01-02")),
      /eu-west-1.json was read on 2026-01-01, 366 days ago; allowed are 365. Run node prices\/refresh.mjs eu-west-1/,
    );
  });

  it("is required for each region in use", () => {
    assert.throws(
      () => readPrices(folder, "sa-east-1"),
      /prices\/sa-east-1.json doesn't exist: there are no prices for sa-east-1/,
    );
  });

  it("has the source and the date of every price", () => {
    for (const file of readdirSync(join(root, "prices")).filter((name) => name.endsWith(".json"))) {
      const table = JSON.parse(readFileSync(join(root, "prices", file), "utf8")) as Record<string, unknown>;
      assert.equal(`${String(table.region)}.json`, file);
      assert.match(String(table.read), /^\d{4}-\d\d-\d\d$/);
      assert.match(String(table.source), /https:\/\/pricing\.us-east-1\.amazonaws\.com\//);
      for (const [key, entry] of Object.entries(table.prices as Record<string, Record<string, unknown>>)) {
        const { usd, unit, service, usagetype, derived = "as read" } = entry;
        assert.ok(Number(usd) > 0, key);
        for (const text of [unit, service, usagetype, derived]) assert.match(String(text), /\w{3}/, key);
      }
    }
  });

  it("is refreshed from AWS' offer files, with the first on-demand tier of the matching product", async () => {
    const { priceIn } = (await import("../../../prices/refresh.mjs" as string)) as {
      priceIn: (list: object, entry: object) => number | undefined;
    };
    const dimension = (USD: string, beginRange: string) => ({ beginRange, pricePerUnit: { USD } });
    const product = (sku: string, attributes: object) => [sku, { sku, attributes }];
    const list = {
      products: Object.fromEntries([
        product("A", { usagetype: "APN2-InstanceUsage:db.t4g.micro", databaseEngine: "PostgreSQL" }),
        product("B", { usagetype: "APN2-InstanceUsage:db.t4g.micro", databaseEngine: "MySQL" }),
      ]),
      terms: {
        OnDemand: {
          A: {
            "A.1": {
              priceDimensions: { "A.1.1": dimension("0.0250", "0"), "A.1.2": dimension("0.02", "100") },
            },
          },
          B: { "B.1": { priceDimensions: { "B.1.1": dimension("0.0240", "0") } } },
        },
      },
    };
    const usagetype = "APN2-InstanceUsage:db.t4g.micro";
    assert.equal(priceIn(list, { usagetype, attributes: { databaseEngine: "PostgreSQL" } }), 0.025);
    assert.equal(priceIn(list, { usagetype }), undefined, "two prices");
    assert.equal(priceIn(list, { usagetype: "APN2-Other" }), undefined, "none");
  });
});
