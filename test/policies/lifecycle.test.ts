import assert from "node:assert/strict";
import { postgresEndOfSupport } from "../../config/stores/postgres";
import { endOfStandardSupport } from "../../policies/aws/rds-upkeep";

describe("end of standard support of PostgreSQL versions", () => {
  it("is the same in config and in the policy pack, which can't import it", () => {
    assert.deepEqual(endOfStandardSupport, postgresEndOfSupport);
  });
});
