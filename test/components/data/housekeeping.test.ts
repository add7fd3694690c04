import assert from "node:assert/strict";
import {
  backupWindow,
  maintenanceWindow,
  replicaMaintenanceWindow,
} from "../../../components/data/housekeeping";

const day = 24 * 60;
const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const minutes = (time: string) => {
  const [hours = NaN, rest = NaN] = time.split(":").map(Number);
  return hours * 60 + rest;
};

/** Start and end in minutes from Monday 00:00. */
const weekly = (window: string) => {
  const ends = window.split("-").map((end) => days.indexOf(end.slice(0, 3)) * day + minutes(end.slice(4)));
  return { start: ends[0] ?? NaN, end: ends[1] ?? NaN };
};

const [backupStart = NaN, backupEnd = NaN] = backupWindow.split("-").map(minutes);

describe("maintenance windows", () => {
  for (const window of [maintenanceWindow, replicaMaintenanceWindow])
    it(`${window} lasts an hour and leaves backups alone`, () => {
      const { start, end } = weekly(window);
      assert.equal(end - start, 60);
      assert.ok(start % day >= backupEnd || end % day <= backupStart, "overlaps with backups");
    });

  it("of replicas come first, so that no replica is older than its primary", () => {
    assert.ok(weekly(replicaMaintenanceWindow).end <= weekly(maintenanceWindow).start);
  });

  it("follow a backup of the same night", () => {
    assert.ok(backupEnd <= weekly(maintenanceWindow).start % day);
  });
});
