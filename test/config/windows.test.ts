import assert from "node:assert/strict";
import { nightly, windows, windowsMeet } from "../../config/windows";

const refusals = (change: Partial<Record<keyof typeof nightly, unknown>>) => {
  const result = windows.safeParse(change);
  return result.success
    ? []
    : result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
};

describe("config: windows", () => {
  it("are at night by default", () => {
    assert.deepEqual(windows.parse(undefined), nightly);
    assert.deepEqual(windows.parse({ backup: "15:00-15:30" }), { ...nightly, backup: "15:00-15:30" });
  });

  it("of replicas come first by default, so that no replica is older than its primary", () => {
    assert.match(nightly.replicaMaintenance, /^sat/);
    assert.match(nightly.maintenance, /^sun/);
  });

  const refused: readonly (readonly [what: string, change: object, says: RegExp])[] = [
    ["a time that isn't one", { backup: "24:00-25:00" }, /backup: .*such as "16:00-17:00"/],
    ["a number", { backup: 1600 }, /quoted string/],
    [
      "a daily window for maintenance",
      { maintenance: "18:00-19:00" },
      /maintenance: .*"sun:18:00-sun:19:00"/,
    ],
    ["a day that isn't one", { maintenance: "son:18:00-son:19:00" }, /maintenance/],
    ["a window of 29 minutes", { backup: "16:00-16:29" }, /30 minutes or more/],
    ["an empty window", { maintenance: "sun:18:00-sun:18:00" }, /30 minutes or more/],
    ["maintenance in the backup", { maintenance: "sun:16:30-sun:17:30" }, /doesn't overlap the daily backup/],
    [
      "a backup that runs past midnight into maintenance",
      {
        backup: "23:30-00:30",
        maintenance: "mon:00:00-mon:01:00",
      },
      /doesn't overlap/,
    ],
    ["maintenance around the backup", { maintenance: "sun:12:00-mon:12:00" }, /doesn't overlap/],
    [
      "replicas and primary at once",
      { replicaMaintenance: "sun:18:30-sun:19:30" },
      /a window before maintenance/,
    ],
    ["an unknown window", { snapshot: "16:00-17:00" }, /snapshot|Unrecognized/],
  ];
  for (const [what, change, says] of refused)
    it(`refuse ${what}`, () => assert.match(refusals(change).join("\n"), says));

  it("can follow each other without a gap, and span the week's end", () => {
    assert.deepEqual(refusals({ backup: "17:00-18:00", maintenance: "sun:18:00-sun:18:30" }), []);
    assert.ok(!windowsMeet("16:00-17:00", "sun:23:45-mon:00:15"));
    assert.ok(windowsMeet("00:00-00:30", "sun:23:45-mon:00:15"));
  });
});
