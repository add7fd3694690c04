import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { coverageRows, fits, marks, type TraceRow } from "../../preview/report/trace";
import { realProject } from "../support/stacks";

const root = join(__dirname, "..", "..");

/** Faults of the marks, a sentence each. */
function faults(
  rows: readonly Pick<TraceRow, "row" | "state">[],
  marked: ReturnType<typeof marks>,
  resources: readonly { type: string; name: string }[],
): string[] {
  const known = new Set(rows.map(({ row }) => row));
  return [
    ...Object.keys(marked).flatMap((row) => (known.has(row) ? [] : [`${row} is no row of coverage.md`])),
    ...rows.flatMap(({ row, state }) => {
      const { resources: patterns = [], tests = [] } = marked[row] ?? {};
      if (patterns.length + tests.length === 0)
        return state === "not yet" ? [] : [`${row} is ${state}, and names neither resources nor tests`];
      return [
        ...patterns.flatMap((pattern) =>
          resources.some((resource) => fits(pattern, resource)) ? [] : [`${row}: no stack has ${pattern}`],
        ),
        ...tests.flatMap((test) => (existsSync(join(root, test)) ? [] : [`${row}: ${test} doesn't exist`])),
      ];
    }),
  ];
}

describe("docs/trace.yaml", () => {
  it("has existing resources and tests for each row of coverage.md", async () => {
    const recordings = await Promise.all(realProject.stacks.map(realProject.recordingOf));
    const resources = recordings.flatMap((recording) => [...recording.resources.values()]);
    assert.ok(coverageRows(root).length > 50);
    assert.deepEqual(faults(coverageRows(root), marks(root), resources), []);
  });

  it("is refused if a row has nothing, or names what doesn't exist", () => {
    const rows = [
      { row: "A-1", state: "met" },
      { row: "A-2", state: "not yet" },
      { row: "A-3", state: "in part" },
    ];
    const marked = { "A-3": { resources: ["aws:x/y:Y"], tests: ["test/none.test.ts"] }, "B-1": {} };
    assert.deepEqual(faults(rows, marked, []), [
      "B-1 is no row of coverage.md",
      "A-1 is met, and names neither resources nor tests",
      "A-3: no stack has aws:x/y:Y",
      "A-3: test/none.test.ts doesn't exist",
    ]);
  });
});
