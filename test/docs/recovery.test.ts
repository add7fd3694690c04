import { recoveryRows } from "../../config";
import { catalog } from "../../systems";
import type { Catalog } from "../../systems/spec";
import { settingsOf } from "../support/stacks";
import { assertGenerated, markdownTable } from "./generated";

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
        markdownTable(
          ["failure", "RTO", "RPO", "because"],
          rows.map(({ failure, rto, rpo, because }) => [failure, rto, rpo, because]),
        ),
      ];
    })
    .join("\n\n");
}

describe("docs/recovery.md", () => {
  it("matches the settings of prod (UPDATE_DOCS=1 npm run test:unit writes it)", async () => {
    await assertGenerated("recovery.md", await tables());
  });
});
