import assert from "node:assert/strict";
import { join } from "node:path";
import { monthlyCost, readPrices, totalCost } from "../../preview/cost";
import { document } from "../../preview/report/json";
import { recordingOf } from "../support/recordings";
import { stackConfig, stacks, today } from "../support/stacks";

async function costOf(stack: string): Promise<number> {
  const { region } = JSON.parse(stackConfig(stack).config["plinth:account"] ?? "{}") as { region: string };
  const none = { pack: { name: "", version: "" }, policies: [], violations: [] };
  const { resources } = document(stack, await recordingOf(stack), none);
  return totalCost(monthlyCost(resources, readPrices(join(__dirname, "../.."), region, today)));
}

describe("what the stacks cost a month", () => {
  for (const stack of stacks)
    it(`has every price that ${stack} needs, in its region`, async () => {
      assert.ok((await costOf(stack)) > 100);
    });

  // COST-1: dev costs at most 400 USD a month at list price, always on.
  if (stacks.includes("dev"))
    it("keeps dev within its goal", async () => {
      const total = await costOf("dev");
      assert.ok(total <= 400, `USD ${total.toFixed(0)}`);
    });
});
