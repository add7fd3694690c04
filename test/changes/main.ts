import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { addCounts } from "../support/counts";
import { affectedBy } from "./affected";
import { changes, documents, type Change } from "./changes";
import { Copy } from "./copy";

/**
 * Makes each ordinary change in a copy of the repository, then asks the type check, the offline preview of the stacks
 * that it changes, and every test that can see the change. Arguments choose changes by a part of their name.
 */

interface Report {
  readonly failures: readonly { readonly fullTitle: string; readonly err: { readonly message?: string } }[];
}

function run(copy: Copy, ...args: string[]): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: copy.folder,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    env: { ...process.env, TEST_COUNTS: "" },
  });
  return { ok: status === 0, output: `${stdout}${stderr}` };
}

/** What fails after a change although it should not. */
function failuresOf(change: Change): string[] {
  const copy = Copy.make();
  try {
    change.make(copy);
    const failures: string[] = [];
    const types = run(copy, "node_modules/typescript/bin/tsc", "--noEmit");
    if (!types.ok) failures.push(`type check: ${types.output}`);
    for (const stack of change.stacks) {
      const shown = run(copy, "preview/run.mjs", stack);
      if (!shown.ok) failures.push(`preview of ${stack}: ${shown.output}`);
    }
    const mocha = ["node_modules/mocha/bin/mocha.js", "--no-config", "-r", "ts-node/register/transpile-only"];

    const out = path.join(copy.folder, "report.json");
    const options = ["--timeout", "120000", "--reporter", "json", "--reporter-option", `output=${out}`];
    const { output } = run(copy, ...mocha, ...options, ...affectedBy(copy.folder));
    const report = readReport(copy, output);
    for (const { fullTitle, err } of report.failures)
      if (![documents, ...(change.expected ?? [])].some((title) => title.test(fullTitle)))
        failures.push(`${fullTitle}: ${err.message ?? ""}`);
    return failures;
  } finally {
    copy.remove();
  }
}

function readReport(copy: Copy, output: string): Report {
  try {
    return JSON.parse(copy.read("report.json")) as Report;
  } catch {
    throw new Error(`the tests did not run: ${output}`);
  }
}

const wanted = process.argv.slice(2);
const chosen = changes.filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);
let failed = 0;
for (const change of chosen) {
  const failures = failuresOf(change);
  if (failures.length > 0) failed++;
  console.log(`${failures.length === 0 ? "ok    " : "broken"} ${change.name}`);
  for (const failure of failures) console.log(`       ${failure}`);
}
addCounts({ passed: chosen.length - failed, failed, skipped: 0 });
process.exitCode = failed === 0 && chosen.length > 0 ? 0 : 1;
