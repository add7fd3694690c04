import assert from "node:assert/strict";

import { withSystem } from "../harness";
import { CHECKS } from ".";

describe("the sample system", () => {
  it("passes every check, and each examined something", async () => {
    await withSystem(
      () => undefined,
      async (context) => {
        for (const check of CHECKS) {
          const { findings, examined } = await check.run(context);
          assert.deepEqual(findings, [], check.name);
          assert.ok(examined > 0, `${check.name} examined nothing`);
        }
      },
    );
  });
});
