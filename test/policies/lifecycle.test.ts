import assert from "node:assert/strict";
import { postgresEndOfSupport } from "../../config/postgres";
import { endOfStandardSupport } from "../../policies/aws/rds-upkeep";

describe("engine lifecycles", () => {
  it("are the same for the policy pack, which imports nothing of the program, and for config", () => {
    assert.deepEqual(endOfStandardSupport, postgresEndOfSupport);
  });
});
