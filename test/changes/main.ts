import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { addCounts } from "../support/counts";
import { affectedBy } from "./affected";
import { changes, type Change } from "./changes";
import { Copy } from "./copy";

/**
 * Makes each ordinary change in a copy of the repository, then renews the generated pages as a person would, and asks
 * the type check, the offline preview of the stacks that it changes, and every test that can see the change
 * (`affected.ts`). Arguments choose changes by a part of their name.
 */

interface Test {
  readonly fullTitle: string;
  readonly err: { readonly message?: string };
}

interface Report {
  readonly stats: { readonly passes: number };
  readonly failures: readonly Test[];
}

const typescript = ["--max-semi-space-size=64", "-r", "./tools/typescript.cjs"];

function run(copy: Copy, args: readonly string[], more: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: copy.folder,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    env: { ...process.env, TEST_COUNTS: "", ...more },
  });
  return { ok: status === 0, output: `${stdout}${stderr}` };
}

/** What fails after a change although it should not. */
function failuresOf(copy: Copy, change: Change): string[] {
  change.make(copy);
  const must = (what: string, args: readonly string[]): string[] => {
    const { ok, output } = run(copy, args);
    return ok ? [] : [`${what}: ${output}`];
  };
  const types = ["node_modules/typescript/bin/tsc", "--noEmit", "--incremental"];
  return [
    ...must("docs:configuration", [...typescript, "config/write-reference.ts"]),
    ...must("docs:policies", [...typescript, "test/policies/docs.ts"]),
    ...must("type check", [...types, "--tsBuildInfoFile", "node_modules/.cache/changes.tsbuildinfo"]),
    ...change.stacks.flatMap((stack) => must(`preview of ${stack}`, ["preview/run.mjs", stack])),
    ...testFailures(copy, change),
  ];
}

function testFailures(copy: Copy, { expected = [], stacks }: Change): string[] {
  const mocha = [...typescript, "node_modules/mocha/bin/_mocha", "--no-config", "--timeout", "120000"];
  const file = path.join("node_modules", ".cache", "changes.json");
  const reporter = ["--reporter", "json", "--reporter-option", `output=${file}`];
  copy.write(file, "");
  const { output } = run(copy, [...mocha, ...reporter, ...affectedBy(copy.folder, stacks.includes("dev"))], {
    UPDATE_DOCS: "1",
  });
  const text = copy.read(file);
  if (text === "") return [`the tests did not run: ${output}`];
  const { stats, failures } = JSON.parse(text) as Report;
  const stray = failures.filter(({ fullTitle }) => !expected.some((title) => title.test(fullTitle)));
  return [
    ...(stats.passes === 0 ? ["no test ran"] : []),
    ...stray.map(({ fullTitle, err }) => `${fullTitle}: ${err.message ?? ""}`),
  ];
}

const wanted = process.argv.slice(2);
const chosen = changes.filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);
const copy = Copy.make();
process.once("exit", () => copy.remove());
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
let failed = 0;
for (const change of chosen) {
  const started = Date.now();
  const failures = failuresOf(copy, change);
  copy.reset();
  if (failures.length > 0) failed++;
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`${failures.length === 0 ? "ok    " : "broken"} ${change.name} (${seconds} s)`);
  for (const failure of failures) console.log(`       ${failure}`);
}
addCounts({ passed: chosen.length - failed, failed, skipped: 0 });
process.exitCode = failed === 0 && chosen.length > 0 ? 0 : 1;
