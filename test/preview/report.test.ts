import assert from "node:assert/strict";

import type { Violation } from "../../preview/analyzer/verdicts";
import { human } from "../../preview/report/human";
import { document, type Plan } from "../../preview/report/json";
import { table } from "../../preview/report/table";
import { set } from "../support/edits";
import { keysOf } from "../../preview/project";
import { recordingOf, recordingWith, stackConfig } from "../support/frozen";

const verdicts = (violations: Violation[] = []) => ({
  pack: { name: "pack", version: "1.0.0" },
  policies: [
    { name: "a-rule", level: "mandatory", kind: "resource", description: "A rule.", remediation: "Obey it." },
  ] as Plan["policies"],
  violations,
});

const keys = keysOf({ project: "plinth", stack: "prod", ...stackConfig("prod") });

async function report(
  violations: Violation[] = [],
  width = 100,
  recording = recordingOf("prod"),
): Promise<string> {
  const plan = document("prod", await recording, verdicts(violations), keys);
  return human(plan, { all: false, colour: false, width, written: undefined, cost: undefined });
}

/** The lines of a section, which ends at a line that isn't indented. */
function section(text: string, title: string): string {
  const [, after = ""] = text.split(`\n${title}\n`);
  return after.split(/\n(?=\S)/)[0] ?? "";
}

describe("the report of a stack", () => {
  it("shows each system's workloads and stores with their sizes", async () => {
    const ams = section(await report(), "System ams");
    assert.match(ams, /^ {2}api +ams-api:\S+ +\d+-\d+ +250m-500m +256Mi-512Mi .*ams\.suresoft\.com\/api$/m);
    assert.match(ams, /^ {2}worker +ams-api:\S+ +2-8 /m);
    assert.match(ams, /^ {2}postgres +PostgreSQL 15.* +db\.\S+ +20-500 +yes +2 +35 days$/m);
    assert.match(section(await report(), "System opmas"), /^ {2}nats +NATS JetStream +\S* +50 +yes +2/m);
  });

  it("changes with a size", async () => {
    const edit = set("systems.ams.stores.postgres.storage", 60);
    const other = await report([], 100, recordingWith("prod", edit));
    assert.match(section(other, "System ams"), / 60-500 /);
    assert.notEqual(other, await report());
  });

  it("doesn't list addresses as public that the load balancer answers itself", async () => {
    assert.ok(!(await report()).includes("/metrics"));
  });

  for (const width of [80, 120])
    it(`fits ${width} columns`, async () => {
      const systems = (await report([], width)).split("\nOutputs")[0] ?? "";
      assert.deepEqual(
        systems.split("\n").filter((line) => line.length > width),
        [],
      );
    });

  it("names the resource, the remediation and the stack-file key of a finding, mandatory ones first", async () => {
    const { resources } = await recordingOf("prod");
    const urnOf = (name: string) => [...resources.values()].find((one) => one.name === name)?.urn ?? name;
    const found = (level: Violation["level"], name: string): Violation => ({
      policy: "a-rule",
      level,
      urn: urnOf(name),
      message: `A rule.\nabout ${name}`,
    });
    const text = await report([
      found("advisory", "primary-ams-stores-postgres-primary"),
      found("mandatory", "primary-asset-management-api-service"),
      found("mandatory", "primary-network-vpc"),
      found("mandatory", "primary-platform-nodes-pool"),
    ]);
    const lines = text
      .split("\n")
      .filter((line) => /^ {2}(mandatory|advisory)|Remediation|Stack file/.test(line));
    assert.deepEqual(lines, [
      ...[
        "  mandatory a-rule",
        "    Remediation: Obey it.",
        "    Stack file: systems.asset-management.workloads.api",
      ],
      ...["  mandatory a-rule", "    Remediation: Obey it.", "    Stack file: network"],
      ...["  mandatory a-rule", "    Remediation: Obey it.", "    Stack file: cluster"],
      ...["  advisory a-rule", "    Remediation: Obey it.", "    Stack file: systems.ams.stores.postgres"],
    ]);
    assert.ok(!text.includes("urn:pulumi"));
  });
});

describe("a table", () => {
  it("omits an empty column", () => {
    assert.deepEqual(
      table(
        ["one", "two"],
        [
          ["a", ""],
          ["b", ""],
        ],
        80,
      ),
      ["  one", "  a", "  b"],
    );
  });

  it("wraps its widest column first", () => {
    const lines = table(["key", "text"], [["a", "0123456789".repeat(3)]], 20);
    assert.deepEqual(lines, ["  key  text", "  a    0123456789012", "       3456789012345", "       6789"]);
  });
});
