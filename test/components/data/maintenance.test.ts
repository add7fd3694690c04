import assert from "node:assert/strict";
import { nightly } from "../../../config";
import { windowsMeet } from "../../../config/windows";

describe("maintenance of caches", () => {
  it("doesn't overlap the daily snapshot, and follows it", () => {
    assert.ok(!windowsMeet(nightly.backup, nightly.maintenance));
    assert.ok(nightly.backup.slice(-5) <= nightly.maintenance.slice(4, 9));
  });
});
