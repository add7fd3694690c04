import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { recoveryRows } from "../../config";
import { catalog } from "../../systems";
import type { Catalog } from "../../systems/spec";
import { settingsOf } from "../support/stacks";

const file = join(__dirname, "..", "..", "docs", "recovery.md");
const marks = { begin: "<!-- generated: begin -->", end: "<!-- generated: end -->" };

/** Every system's table in prod. */
async function tables(): Promise<string> {
  const { systems, ...settings } = await settingsOf("prod");
  return Object.entries<NonNullable<Catalog[string]>>(catalog)
    .flatMap(([name, spec]) => {
      const amounts = systems[name];
      if (amounts === undefined) return [];
      const rows = recoveryRows({ ...settings, spec, settings: amounts });
      const objective = amounts.objectives?.recovery;
      return [
        `## ${spec.title}`,
        objective === undefined
          ? "No objective."
          : `Objective: RTO ${objective.rtoHours} h, RPO ${objective.rpoMinutes} min; not for ${objective.notCovered.join(", ")}.`,
        [
          "| failure | RTO | RPO | because |",
          "| --- | --- | --- | --- |",
          ...rows.map(({ failure, rto, rpo, because }) => `| ${failure} | ${rto} | ${rpo} | ${because} |`),
        ].join("\n"),
      ];
    })
    .join("\n\n");
}

describe("docs/recovery.md", () => {
  it("is what the settings of prod give (UPDATE_DOCS=1 npm run test:unit writes it)", async () => {
    const current = readFileSync(file, "utf8");
    const [before, rest] = current.split(marks.begin);
    const [, after] = (rest ?? "").split(marks.end);
    assert.ok(before !== undefined && after !== undefined, `${file} has lost its marks`);
    const text = `${before}${marks.begin}\n\n${await tables()}\n\n${marks.end}${after}`;
    const wanted = await format(text, { ...(await resolveConfig(file)), filepath: file });
    if (process.env.UPDATE_DOCS === "1") writeFileSync(file, wanted);
    assert.equal(readFileSync(file, "utf8"), wanted);
  });
});
