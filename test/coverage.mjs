import { spawnSync } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

/*
 * `npm run test:coverage`: runs all tests, also those that start programs, with V8's coverage and compares it with the floor in test/coverage.json,
 * in percent. Exit code 1: a test fails, the coverage is below the floor, or the floor is lower than on the base branch.
 *
 *   npm run test:coverage -- --base origin/main     refuse a floor that is lower than there
 *   npm run test:coverage -- --raise                write the measured coverage as the floor
 *   npm run test:coverage -- --summary FILE         check a report of an earlier run (coverage/coverage-summary.json)
 *
 * The report is coverage/index.html. On GitHub the table also goes into the run's summary.
 */

const FLOOR = "test/coverage.json";
/** The floor's measures, in the order of the table. */
const MEASURES = ["lines", "branches", "functions"];
/** Sources of the product. Tests, tools and build scripts don't count. */
const SOURCES = [
  "index.ts",
  "{components,compose,config,foundation,functions,policies,preflight,preview,standards,systems}/**/*.ts",
];
/** Difference between two runs of the same tests, by timing: worker processes end at different lines. */
const NOISE = 0.2;

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function options() {
  try {
    const { values } = parseArgs({
      options: { base: { type: "string" }, raise: { type: "boolean" }, summary: { type: "string" } },
    });
    return values;
  } catch (error) {
    return fail(
      `${error.message}\nusage: npm run test:coverage -- [--base REVISION] [--raise] [--summary FILE]`,
    );
  }
}

function floorIn(text, where) {
  const floor = JSON.parse(text);
  for (const measure of MEASURES)
    if (!(floor[measure] >= 0 && floor[measure] <= 100))
      fail(`${where}: ${measure} is ${floor[measure]}; allowed is a percentage from 0 to 100`);
  return floor;
}

/** The floor of a revision; undefined if it has none. */
function floorAt(revision) {
  const git = (...args) => spawnSync("git", args, { encoding: "utf8" });
  if (git("rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`).status !== 0)
    fail(`--base ${revision}: the repository has no such revision; a shallow clone must fetch it first`);
  const { status, stdout } = git("show", `${revision}:./${FLOOR}`);
  return status === 0 ? floorIn(stdout, `${revision}:${FLOOR}`) : undefined;
}

/** Runs the tests; returns the summary's file and whether they passed. */
function measured() {
  const include = SOURCES.flatMap((each) => ["--include", each]);
  const reporters = ["--reporter", "html", "--reporter", "json-summary"];
  const c8 = ["--all", "--merge-async", ...include, "--exclude", "**/*.d.ts", ...reporters];
  const config = ["--config", "test/programs.mocharc.yml", "test/**/*.test.ts"];
  const mocha = ["mocha", ...config, "--require", "./test/coverage-hook.cjs"];
  const { status } = spawnSync("npx", ["c8", ...c8, ...mocha], { stdio: "inherit" });
  return { file: "coverage/coverage-summary.json", passed: status === 0 };
}

function totalIn(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).total;
  } catch {
    return fail(`${file}: no report of c8; run npm run test:coverage`);
  }
}

const { base, raise = false, summary } = options();
const floor = floorIn(readFileSync(FLOOR, "utf8"), FLOOR);
const before = base === undefined ? undefined : floorAt(base);
const { file, passed } = summary === undefined ? measured() : { file: summary, passed: true };
const total = totalIn(file);

const faults = passed ? [] : ["A test failed."];
const hints = [];
const rows = MEASURES.map((measure) => {
  const now = total[measure].pct;
  if (now < floor[measure])
    faults.push(`${measure}: ${now} % are covered; the floor is ${floor[measure]} %. Test what you added.`);
  if (before !== undefined && floor[measure] < before[measure])
    faults.push(
      `${FLOOR}: ${measure} is ${floor[measure]}; on ${base} it is ${before[measure]}. It must not be lowered.`,
    );
  if (now >= floor[measure] + 2 * NOISE)
    hints.push(
      `The floor of ${measure} can be raised from ${floor[measure]} to ${raised(now)}: npm run test:coverage -- --raise`,
    );
  return `| ${measure} | ${now} % | ${floor[measure]} % |`;
});

function raised(now) {
  return Math.floor((now - NOISE) * 10) / 10;
}

const table = ["| coverage | measured | floor |", "| --- | --- | --- |", ...rows, "", ...faults, ...hints];
process.stdout.write(`${table.join("\n")}\n`);
if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, `${table.join("\n")}\n`);
if (raise && passed) {
  const next = MEASURES.map((measure) => [measure, Math.max(floor[measure], raised(total[measure].pct))]);
  writeFileSync(FLOOR, `${JSON.stringify(Object.fromEntries(next))}\n`);
}
process.exitCode = faults.length > 0 ? 1 : 0;
