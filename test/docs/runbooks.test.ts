import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { RUNBOOKS } from "../cluster/checks/runbook-table";

const folder = join(__dirname, "../../docs");
const commands = readdirSync(folder, { recursive: true, encoding: "utf8" })
  // An administrator runs the commands of first-account.md, and coverage.md quotes other documents.
  .filter((file) => file.endsWith(".md") && !["first-account.md", "coverage.md"].includes(file))
  .flatMap((file) =>
    [...readFileSync(join(folder, file), "utf8").matchAll(/kubectl [a-z-][^`\n]*/g)].map(([text]) => ({
      file,
      text,
    })),
  );

describe("the kubectl commands of the documents", () => {
  it("are covered by the test of the operators' permissions", () => {
    assert.ok(commands.length > 15);
    const unknown = commands.filter(({ text }) => !RUNBOOKS.some(({ command }) => text.startsWith(command)));
    assert.deepEqual(unknown, [], "add them to test/cluster/checks/runbook-table.ts");
  });

  it("have no outdated entries in that test", () => {
    const gone = RUNBOOKS.filter(({ command }) => !commands.some(({ text }) => text.startsWith(command)));
    assert.deepEqual(
      gone.map(({ command }) => command),
      [],
    );
  });
});
