import assert from "node:assert/strict";
import { join } from "node:path";
import { awakeHours } from "../../config";
import { monthlyCost, readPrices, totalCost } from "../../preview/cost";
import { document } from "../../preview/report/json";
import { recordingOf } from "../support/recordings";
import { settingsOf, stackConfig, stacks, today } from "../support/stacks";

async function costOf(stack: string, usage = {}): Promise<number> {
  const { region } = JSON.parse(stackConfig(stack).config["plinth:account"] ?? "{}") as { region: string };
  const none = { pack: { name: "", version: "" }, policies: [], violations: [] };
  const { resources } = document(stack, await recordingOf(stack), none);
  return totalCost(monthlyCost(resources, readPrices(join(__dirname, "../.."), region, today), usage));
}

describe("what the stacks cost a month", () => {
  for (const stack of stacks)
    it(`has every price that ${stack} needs, in its region`, async () => {
      assert.ok((await costOf(stack)) > 100);
    });

  // COST-1: dev costs at most 400 USD a month at list price, always on, and 250 by its schedule.
  if (stacks.includes("dev"))
    it("keeps dev within its goal, always on and by its schedule", async () => {
      const { schedule } = (await settingsOf("dev")).costs;
      const always = await costOf("dev");
      assert.ok(always <= 400, `USD ${always.toFixed(0)}`);
      assert.ok(schedule !== undefined);
      const scheduled = await costOf("dev", { awakeHours: awakeHours(schedule) });
      assert.ok(scheduled <= 250, `USD ${scheduled.toFixed(0)}`);
    });
});
