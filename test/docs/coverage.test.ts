import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { catalog } from "../../systems";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";

const root = join(__dirname, "..", "..");
const text = readFileSync(join(root, "docs", "coverage.md"), "utf8");

const numbered = (group: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${group}-${index + 1}`);

/** The requirements' ids, in order. */
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

/** The rows of the first table. */
const rows = (/\| row \|.*\n\|[-|]+\|\n((?:\|.*\n)+)/.exec(text)?.[1] ?? "").trimEnd().split("\n").map(cells);

/** Files that a text names: code that starts with a path of the project. */
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

  it("has a state for each, and a file for each met one", () => {
    for (const [id = "", requirement = "", state = "", where = "", ...more] of rows) {
      assert.equal(more.length, 0, `${id} has too many cells`);
      assert.ok(requirement.length > 5, `${id} has no title`);
      assert.ok(["met", "in part", "not yet"].includes(state), `${id}: ${state}`);
      if (state !== "not yet") assert.ok(filesIn(where).length > 0, `${id} names no file`);
      if (state === "met") assert.doesNotMatch(where, /Missing/, id);
    }
  });

  it("names each public workload that the load balancer reaches over plain HTTP", () => {
    const plain = Object.values<SystemSpec>(catalog)
      .flatMap(({ workloads }) => Object.values<WorkloadSpec>(workloads))
      .filter(({ exposure, listen }) => exposure !== undefined && listen?.tls !== true)
      .map(({ name }) => name);
    const [, named = ""] = /^\| encryption on every connection \(SEC-2\) \|([^|]*)\|/m.exec(text) ?? [];
    assert.deepEqual([...named.matchAll(/`([\w-]+)`/g)].map(([, name]) => name).sort(), plain.sort());
  });

  it("names only files that exist", () => {
    const files = filesIn(text);
    assert.ok(files.length > 40);
    for (const file of files) assert.ok(existsSync(join(root, file)), file);
  });
});
