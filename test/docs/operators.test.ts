import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { operatorCharts } from "../../components/cluster/operators/table";
import { operatorSeries, type OperatorName } from "../../config";
import { stackConfig, stacks } from "../support/stacks";

const root = join(__dirname, "..", "..");
const rows = readFileSync(join(root, "docs", "operators.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) => line.split("|").map((cell) => cell.trim()));

/** The row of the first table with a key of the stack file. */
function rowOf(key: string): string[] {
  const found = rows.filter((cells) => cells[1]?.includes(`(\`${key}\`)`));
  assert.equal(found.length, 1, key);
  return found[0] ?? [];
}

describe("docs/operators.md", () => {
  for (const [key, { chart, repository, namespace }] of Object.entries(operatorCharts))
    it(`lists source, placement and tested version of ${key}`, () => {
      const [, , source, series, place] = rowOf(key);
      assert.equal(source, `chart \`${chart}\` of ${repository}`);
      assert.equal(series, operatorSeries[key as OperatorName]);
      assert.equal(place, `\`${namespace}\``);
    });

  it("lists the definitions that an upgrade must apply manually", () => {
    for (const [key, { kinds, upgradesDefinitions }] of Object.entries(operatorCharts)) {
      const title = rowOf(key)[1]?.replace(/ \(.*/, "");
      const [row, ...more] = rows.filter((cells) => cells[1] === title);
      assert.ok(row !== undefined && more.length === 0, key);
      assert.match(
        row[3] ?? "",
        kinds.length === 0 ? /^none/ : upgradesDefinitions ? /^templates of the chart/ : /kubectl|as NACK's/,
        key,
      );
    }
  });

  it("lists the stacks of each operator", () => {
    for (const key of Object.keys(operatorCharts)) {
      const there = stacks.filter((stack) => {
        const { operators } = JSON.parse(stackConfig(stack).config["plinth:cluster"] ?? "{}") as {
          operators: Record<string, unknown>;
        };
        return key in operators;
      });
      const said = rowOf(key)[6];
      // In any order.
      const named = said === "every stack" ? [...stacks] : said?.split(", ").sort();
      assert.deepEqual(named, [...there].sort(), key);
    }
  });
});
