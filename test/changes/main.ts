import * as fs from "node:fs";
import * as path from "node:path";
import { addCounts } from "../support/counts";
import { testsOf } from "./affected";
import { changes, type Change } from "./changes";
import { runNode, stopAll, type Ended } from "./child";
import { Copy } from "./copy";

/**
 * Makes each ordinary change in a copy of the repository, then runs the type check, the offline preview of the affected
 * stacks, and every test that can see the change (`affected.ts`), which updates the generated pages as a person would.
 * All other tests are only loaded, in a copy without systems and stack files. Arguments choose changes by a part of
 * their name.
 */

interface Report {
  readonly stats: { readonly passes: number };
  readonly failures: readonly { readonly fullTitle: string; readonly err: { readonly message?: string } }[];
}

/** As in .mocharc.yml, for the same reasons. */
const memory = ["--max-semi-space-size=128", "--single-threaded-gc"];
const required = ["-r", "./tools/typescript.cjs", "-r", "./test/lazy-packages.cjs"];
const mocha = [...memory, ...required, "node_modules/mocha/bin/_mocha", "--no-config", "--timeout", "240000"];

/**
 * An empty cache of programs, so that tests with real programs (Prometheus, NATS and others) are skipped: they test
 * machinery.
 */
const noPrograms = "node_modules/.cache/no-programs";

const run = (copy: Copy, args: readonly string[]): Promise<Ended> =>
  runNode(args, copy.folder, {
    ...process.env,
    TEST_COUNTS: "",
    UPDATE_DOCS: "1",
    XDG_CACHE_HOME: path.join(copy.folder, noPrograms),
  });

async function must(copy: Copy, what: string, args: readonly string[]): Promise<string[]> {
  const { ok, output } = await run(copy, args);
  return ok ? [] : [`${what}: ${output}`];
}

/** Unexpected failures after a change. */
async function failuresOf(copy: Copy, change: Change): Promise<string[]> {
  change.make(copy);
  const found = change.code
    ? await must(copy, "type check", ["node_modules/typescript-native/bin/tsc", "--noEmit"])
    : [];
  for (const stack of change.stacks)
    found.push(...(await must(copy, `preview of ${stack}`, ["preview/run.mjs", stack])));
  // A refused stack file fails every test that reads the stack.
  return found.length > 0 ? found : testFailures(copy, change);
}

async function testFailures(copy: Copy, { expected = [], stacks }: Change): Promise<string[]> {
  const file = path.join("node_modules", ".cache", "changes.json");
  copy.write(file, "");
  // The local tier is generated from the catalog and dev's stack file.
  const files = testsOf(copy.folder).affected.filter(
    (name) => stacks.includes("dev") || !name.startsWith("test/compose/"),
  );
  const { stopped, output } = await run(copy, [
    ...mocha,
    ...["--reporter", "json", "--reporter-option", `output=${file}`],
    ...files,
  ]);
  const text = copy.read(file);
  if (text === "") return [`the tests did not run: ${output}`];
  const { stats, failures } = JSON.parse(text) as Report;
  const stray = failures.filter(({ fullTitle }) => !expected.some((title) => title.test(fullTitle)));
  return [
    ...(stopped ? [`the tests: ${output}`] : []),
    ...(stats.passes === 0 ? ["no test ran"] : []),
    ...stray.map(({ fullTitle, err }) => `${fullTitle}: ${err.message ?? ""}`),
  ];
}

/** Whether the tests of machinery load without systems and stack files. */
async function otherFailures(copy: Copy): Promise<string[]> {
  const { others } = testsOf(copy.folder);
  const words = ["images.ts", "spec.ts", "stores.ts"];
  const systems = fs.readdirSync(path.join(copy.folder, "systems")).filter((name) => !words.includes(name));
  copy.delete(
    ...systems.map((name) => `systems/${name}`),
    ...copy.stacks().map((name) => `Pulumi.${name}.yaml`),
  );
  return must(copy, "they don't load", [...mocha, "--dry-run", "--reporter", "dot", ...others]);
}

interface Task {
  readonly name: string;
  readonly failures: (copy: Copy) => Promise<string[]>;
}

let failed = 0;
const copies: Copy[] = [];

/** Runs tasks one after the other in one copy, so that each reuses ignored files, such as compiled programs. */
async function lane(tasks: readonly Task[]): Promise<void> {
  if (tasks.length === 0) return;
  const copy = Copy.make();
  copies.push(copy);
  for (const { name, failures } of tasks) {
    const started = Date.now();
    const found = await failures(copy);
    copy.reset();
    if (found.length > 0) failed++;
    const seconds = Math.round((Date.now() - started) / 1000);
    console.log(`${found.length === 0 ? "ok    " : "broken"} ${name} (${seconds} s)`);
    for (const failure of found) console.log(`       ${failure}`);
  }
}

async function main(wanted: readonly string[]): Promise<void> {
  const others: Task = {
    name: "tests of machinery see neither systems nor stack files",
    failures: otherFailures,
  };
  const tasks = (code: boolean): Task[] =>
    changes
      .filter((change) => change.code === code)
      .map((change) => ({ name: change.name, failures: (copy) => failuresOf(copy, change) }));
  const chosen = [tasks(true), [others, ...tasks(false)]].map((lane) =>
    lane.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part))),
  );
  await Promise.all(chosen.map(lane));
  const count = chosen.flat().length;
  addCounts({ passed: count - failed, failed, skipped: 0 });
  process.exitCode = failed === 0 && count > 0 ? 0 : 1;
}

process.once("exit", () => {
  stopAll();
  copies.forEach((copy) => copy.remove());
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
void main(process.argv.slice(2));
