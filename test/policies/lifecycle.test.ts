import assert from "node:assert/strict";
import { postgresEndOfSupport } from "../../config/stores/postgres";
import { endOfStandardSupport } from "../../policies/aws/rds-upkeep";

describe("engine lifecycles", () => {
  it("are the same in config and in the policy pack, which can't import it", () => {
    assert.deepEqual(endOfStandardSupport, postgresEndOfSupport);
  });
});
