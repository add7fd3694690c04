import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..", "..");
const text = readFileSync(join(root, "docs", "coverage.md"), "utf8");

const numbered = (group: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${group}-${index + 1}`);

/** The requirements' ids, in their order. */
const ids = [
  ...numbered("ENV", 5),
  ...["APP-O", "APP-A", "APP-T", "APP-M"],
  ...numbered("NET", 2),
  ...numbered("K8S", 2),
  ...numbered("DB", 6),
  ...numbered("CACHE", 1),
  ...numbered("MQ", 2),
  ...numbered("FS", 1),
  ...numbered("MAIL", 1),
  ...numbered("EDGE", 6),
  ...numbered("SCALE", 3),
  ...numbered("REL", 4),
  ...numbered("BAK", 4),
  ...numbered("OBS", 4),
  ...numbered("SEC", 3),
  ...numbered("AUD", 2),
  ...numbered("COST", 1),
  ...numbered("POL", 1),
  ...numbered("CI", 1),
  ...numbered("DOC", 1),
];

const cells = (line: string) =>
  line
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());

/** The first table: what follows its ruled line, up to the next empty one. */
const rows = (/\| row \|.*\n\|[-|]+\|\n((?:\|.*\n)+)/.exec(text)?.[1] ?? "").trimEnd().split("\n").map(cells);

/** Files that a text names: code that starts as a path of the project does. */
const filesIn = (markdown: string): string[] =>
  [...markdown.matchAll(/`([\w.-]+(?:\/[\w.-]+)*\.(?:ts|md|yml|yaml|mjs|json)|\.ci\/\w+)`/g)].flatMap(
    ([, file]) => file ?? [],
  );

describe("docs/coverage.md", () => {
  it("has every requirement once, in order", () => {
    assert.deepEqual(
      rows.map(([id]) => id),
      ids,
    );
  });

  it("says of each how far it is met, and names a file where it is", () => {
    for (const [id = "", requirement = "", state = "", where = "", ...more] of rows) {
      assert.equal(more.length, 0, `${id} has a cell too many`);
      assert.ok(requirement.length > 5, `${id} says what it is`);
      assert.ok(["met", "in part", "not yet"].includes(state), `${id}: ${state}`);
      if (state !== "not yet") assert.ok(filesIn(where).length > 0, `${id} names no file`);
      if (state === "met") assert.doesNotMatch(where, /Missing/, id);
    }
  });

  it("names only files that exist", () => {
    const files = filesIn(text);
    assert.ok(files.length > 40);
    for (const file of files) assert.ok(existsSync(join(root, file)), file);
  });
});
