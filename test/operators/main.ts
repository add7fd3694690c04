import { Command } from "commander";

import { type Assets, findAssets } from "../cluster/assets";
import { UserError } from "../cluster/errors";
import { addCounts } from "../support/counts";
import { findOperators, MISSING, OPERATORS, type Operators } from "./assets";
import type { Played, Scenario } from "./scenario";
import { Scene } from "./scene";
import { deviations, installed } from "./versions";
import { traceTo } from "./watch";
import { SCENARIOS } from "./scenarios";
import { SHORTER } from "./scenarios/settings";

interface Options {
  spoilt?: boolean;
  all?: boolean;
  trace?: boolean;
}

/**
 * Runs the scenarios from the command line concurrently, since they mostly wait. Resolves to the exit code: 0 all
 * passed or were skipped, 1 some failed, 2 they couldn't run.
 *
 * @param root the project's folder
 */
export async function main(root: string, argv: readonly string[]): Promise<number> {
  try {
    const { scenarios, spoilt } = parse(argv);
    const operators = findOperators(root);
    console.log(versionsText(operators));
    const other = deviations(operators, installed(root));
    if (other.length > 0) throw new UserError(outdated(other));
    const assets = findAssets();
    const together = scenarios.filter(({ apart }) => apart === undefined);
    const groups = [together, ...scenarios.filter(({ apart }) => apart).map((one) => [one])];
    const played: Played[] = [];
    for (const group of groups.filter(({ length }) => length > 0))
      played.push(...(await playAll(root, assets, operators, group, spoilt)));
    for (const one of played) console.log(text(one));
    for (const [name, why] of Object.entries(MISSING)) console.log(`SKIPPED  ${name} does not run: ${why}`);
    const count = (of: (one: Played) => boolean): number => played.filter(of).length;
    const unplayed = count((one) => one.skipped !== undefined);
    const failed = count((one) => one.failure !== undefined);
    const passed = played.length - unplayed - failed;
    const skipped = unplayed + Object.keys(MISSING).length;
    addCounts({ passed, failed, skipped });
    console.log(`operators: ${passed} passed, ${failed} failed, ${skipped} skipped`);
    return failed === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(error.message);
    return 2;
  }
}

function parse(argv: readonly string[]): { scenarios: Scenario[]; spoilt: boolean } {
  const names = Object.keys(SCENARIOS);
  const command = new Command("npm run test:operators --")
    .description("Runs the real controllers on what production renders, on simulated nodes.")
    .argument("[scenarios...]", `which of ${names.join(", ")}. Default: those that share one cluster`)
    .option("--all", "include those that need their own cluster")
    .option("--trace", "print every change that a scenario waits for")
    .option("--spoilt", "run each with a fault that it must find")
    .parse(argv, { from: "user" });
  const unknown = command.args.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new UserError(`No scenario ${unknown.join(", ")}; there are: ${names.join(", ")}`);
  const { all = false, spoilt = false, trace = false } = command.opts<Options>();
  if (trace)
    traceTo((what, seen) => console.log(`${new Date().toISOString().slice(11, 19)} ${what}: ${seen}`));
  const usual = names.filter((name) => all || SCENARIOS[name]?.apart === undefined);
  const wanted = command.args.length > 0 ? command.args : usual;
  return {
    scenarios: wanted.flatMap((name) => SCENARIOS[name] ?? []),
    spoilt,
  };
}

async function playAll(
  root: string,
  assets: Assets,
  operators: Operators,
  scenarios: readonly Scenario[],
  spoilt: boolean,
): Promise<Played[]> {
  const missing = ({ needs }: Scenario) => needs.filter((name) => operators[name] === undefined);
  const able = scenarios.filter((scenario) => missing(scenario).length === 0);
  const skipped = scenarios
    .filter((scenario) => !able.includes(scenario))
    .map((scenario) => ({ name: scenario.name, seconds: 0, skipped: missing(scenario) }));
  if (able.length === 0) return skipped;
  const spoil = spoilt ? able.map((scenario) => scenario.spoil.objects) : [];
  const options = {
    root,
    assets,
    operators,
    wanted: new Set(able.flatMap(({ needs }) => needs)),
    settings: SHORTER,
    empty: able.some(({ empty }) => empty === true),
    spoil: (objects: Parameters<Scenario["spoil"]["objects"]>[0]) => spoil.forEach((one) => one(objects)),
  };
  const played = await Scene.with(options, (scene) =>
    Promise.all(able.map((scenario) => play(scene, scenario, spoilt))),
  );
  return [...played, ...skipped];
}

/** With a fault, a scenario passes if it fails. If a program exits, all scenarios stop: none of them failed. */
async function play(scene: Scene, scenario: Scenario, spoilt: boolean): Promise<Played> {
  const started = Date.now();
  const name = spoilt ? `${scenario.name}; spoilt: ${scenario.spoil.what}` : scenario.name;
  const failure = await scenario.play(scene, spoilt).then(
    () => (spoilt ? "the fault was not found" : undefined),
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (!spoilt) return message;
      if (!scenario.spoil.finds.test(message)) return `it failed for another reason: ${message}`;
      return undefined;
    },
  );
  const seconds = (Date.now() - started) / 1000;
  return { name, seconds, ...(failure === undefined ? {} : { failure }) };
}

function text({ name, seconds, skipped, failure }: Played): string {
  if (skipped !== undefined)
    return `SKIPPED  ${name}\n         missing: ${skipped.join(", ")}. Build with: npm run tools:operators (pulumi: install its CLI)`;
  const verdict = failure === undefined ? "ok      " : "FAILED  ";
  const head = `${verdict} ${name}  (${seconds.toFixed(0)} s)`;
  return failure === undefined ? head : `${head}\n         ${failure}`;
}

/** Testing another version says nothing about the installed one. */
function outdated(deviations: readonly string[]): string {
  const what = "pin that version in tools/<program>/go.mod (and test/operators/versions.ts), go mod tidy";
  return [
    `These operators are not the versions that the stack installs:`,
    ...deviations,
    `${what}; then npm run tools:operators`,
  ].join("\n  ");
}

function versionsText(operators: Operators): string {
  const versions = OPERATORS.map((name) => `${name} ${operators[name]?.version ?? "NOT BUILT"}`);
  return `operators: ${versions.join(", ")}`;
}
