import assert from "node:assert/strict";
import { backupWindow, maintenanceWindow } from "../../../components/data/housekeeping";
import { windowsMeet } from "../../../config/windows";

describe("maintenance of caches", () => {
  it("leaves the daily snapshot alone, and follows the one of the same night", () => {
    assert.ok(!windowsMeet(backupWindow, maintenanceWindow));
    assert.ok(backupWindow.slice(-5) <= maintenanceWindow.slice(4, 9));
  });
});
