import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { awakeHours } from "../../config";
import { monthlyCost, readPrices, totalCost, type CostRow } from "../../preview/cost";
import { byUse, free } from "../../preview/cost/free";
import { regionsOf } from "../../preview/cost/regions";
import { rules } from "../../preview/cost/rules";
import { document, type PlannedResource } from "../../preview/report/json";
import type { Recording } from "../../preview/run-program";
import { foundationOf, foundations } from "../support/foundations";
import { recordingOf } from "../support/recordings";
import { settingsOf, stacks, today } from "../support/stacks";

const root = join(__dirname, "../..");
const prices = (region: string) => readPrices(root, region, today);

const resourcesOf = (stack: string, recording: Recording): PlannedResource[] =>
  document(stack, recording, { pack: { name: "", version: "" }, policies: [], violations: [] }).resources;

const planOf = async (stack: string) => resourcesOf(stack, await recordingOf(stack));

const costOf = async (stack: string, usage = {}): Promise<number> =>
  totalCost(monthlyCost(await planOf(stack), prices, usage));

/** Every plan of the repository, by its name in the preview. */
const plans: readonly (readonly [string, () => Promise<PlannedResource[]>])[] = [
  ...stacks.map((stack) => [stack, () => planOf(stack)] as const),
  ...foundations.map(
    (stack) =>
      [`foundation/${stack}`, async () => resourcesOf(stack, (await foundationOf(stack)).recording)] as const,
  ),
];

const listed = (reasons: Readonly<Record<string, readonly string[]>>) => Object.values(reasons).flat();

describe("what the stacks cost a month", () => {
  for (const [name, plan] of plans)
    it(`has every price that ${name} needs, in the region where each resource is`, async () => {
      const rows = monthlyCost(await plan(), prices);
      assert.ok(rows.length > 0 && rows.every(({ usd }) => Number.isFinite(usd) && usd >= 0));
    });

  for (const [name, plan] of plans)
    it(`has a price or a reason for every type of ${name}`, async () => {
      const resources = await plan();
      const known = new Set([...Object.keys(rules), ...listed(free), ...listed(byUse)]);
      const unknown = resources
        .filter(({ type, custom }) => custom && type.startsWith("aws:") && !known.has(type))
        .map(({ type }) => type);
      assert.deepEqual(
        [...new Set(unknown)].sort(),
        [],
        "add a rule to preview/cost/rules.ts, or a reason to free.ts",
      );
      // In a cluster, volumes and load balancers cost money: those of charts have rules, and there are no others.
      const claims = resources.filter(
        ({ type, inputs }) =>
          (type.endsWith(":Service") && JSON.stringify(inputs.spec).includes('"LoadBalancer"')) ||
          JSON.stringify(inputs).includes('"volumeClaimTemplates"'),
      );
      assert.deepEqual(
        claims.map(({ name: of }) => of),
        [],
      );
    });

  it("has a price or a reason for types that a stack file can add", () => {
    const known = new Set([...Object.keys(rules), ...listed(free), ...listed(byUse)]);
    const made = ["components", "foundation"].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .flatMap((file) => [
          ...readFileSync(join(root, folder, file), "utf8").matchAll(/new aws\.(\w+)\.(\w+)\(/g),
        ])
        .map(
          ([, module = "", name = ""]) => `aws:${module}/${name[0]?.toLowerCase()}${name.slice(1)}:${name}`,
        ),
    );
    assert.ok(made.length > 100);
    assert.deepEqual(
      [...new Set(made)].filter((type) => !known.has(type)),
      [],
    );
  });

  it("has one entry for each type", () => {
    const all = [...Object.keys(rules), ...listed(free), ...listed(byUse)];
    assert.deepEqual(
      all.filter((type, at) => all.indexOf(type) !== at),
      [],
    );
  });

  // Calculated from prices/ap-northeast-1.json: a db.m7g.xlarge at 0.4685 an hour with 20 GiB at 0.138.
  if (stacks.includes("prod"))
    it("prices the second region by its own table, and the CDN where it is billed", async () => {
      const plan = await planOf("prod");
      const regionOf = regionsOf(plan);
      const used = new Set(plan.filter(({ type }) => type in rules).map(regionOf));
      assert.deepEqual([...used].sort(), ["ap-northeast-1", "ap-northeast-2", "global", "us-east-1"]);
      const rows = monthlyCost(plan, prices);
      const replica = sumOf(rows, "standby-asset-management-postgres");
      near(replica, 730 * 0.4685 + 20 * 0.138);
      const nodes = plan.find(({ name }) => name === "standby-region-platform-nodes-pool");
      assert.equal(nodes && regionOf(nodes), "ap-northeast-1", "a cluster is where its control plane is");
    });

  // COST-1: dev costs at most 400 USD a month at list price, always on, and 250 by its schedule.
  if (stacks.includes("dev"))
    it("keeps dev within its goals, always on and by its schedule", async () => {
      const { schedule } = (await settingsOf("dev")).costs;
      const always = await costOf("dev");
      assert.ok(always <= 400, `USD ${always.toFixed(0)}`);
      assert.ok(schedule !== undefined);
      const scheduled = await costOf("dev", { awakeHours: awakeHours(schedule) });
      assert.ok(scheduled <= 250, `USD ${scheduled.toFixed(0)}`);
    });
});

const sumOf = (rows: readonly CostRow[], component: string) =>
  rows.filter((row) => row.component === component).reduce((sum, { usd }) => sum + usd, 0);

/** Within 10 %. */
const near = (found: number, expected: number) =>
  assert.ok(Math.abs(found - expected) <= 0.1 * expected, `${found}, expected ${expected}`);
