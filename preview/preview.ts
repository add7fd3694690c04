import { resolve } from "node:path";

import { PolicyPack } from "./analyzer/pack";
import type { PackRunner } from "./analyzer/analyzer";
import { readLevels } from "./analyzer/levels";
import { EXIT, type Arguments } from "./cli";
import { differenceOf, type DifferenceDocument } from "./difference/document";
import { humanDifference } from "./difference/human";
import { markdownDifference } from "./difference/markdown";
import { planAt, planOf, type Other } from "./difference/other-plan";
import type { Built } from "./main";
import { keysOf, loadNamedStack } from "./project";
import { estimate, type Estimate } from "./report/costs";
import { checkFolder, writeFolder } from "./report/folder";
import { human } from "./report/human";
import { document, type Plan } from "./report/json";
import type { StackKeys } from "./report/stack-key";
import { previewProgram } from "./run-program";
import { speedUp } from "./sdk/speed";

/** Runs the program and the policy pack, and prints the report; returns the exit code. */
export async function preview(args: Arguments, built: Built, runner: PackRunner): Promise<number> {
  const out = args.out === undefined ? undefined : resolve(built.startedIn, args.out);
  if (out !== undefined) checkFolder(out);
  const stack = loadNamedStack(built.root, args.stack);
  // Its own process works while this one does.
  const other = otherPlan(args, built.root);
  const asItIs = speedUp(new Set(args.without));
  if (args.debug && asItIs !== undefined) console.error(asItIs);
  const pack = new PolicyPack(runner, stack, readLevels(built.root, args.stack));
  const recording = await previewProgram(built.program, { ...stack, onRegistration: (r) => pack.analyze(r) });
  const verdicts = await pack.finish([...recording.resources.values()]);
  const keys = keysOf(stack);
  const plan = document(args.stack, recording, verdicts, keys);
  const priced = (each: Plan, by: StackKeys = keys) => estimate(built.root, each, by);
  const difference = other === undefined ? undefined : await differenceFrom(other, plan, args, priced);
  const written =
    out === undefined
      ? undefined
      : writeFolder(out, plan, recording, {
          page: await pageOf(plan, keys, built.root),
          ...(difference === undefined ? {} : { difference }),
        });
  const violated = plan.violations.some(({ level }) => level === "mandatory");
  if (difference !== undefined) {
    process.stdout.write(differenceText(difference, args));
    return violated ? EXIT.violated : difference.lost.length > 0 ? EXIT.lost : EXIT.clean;
  }
  const text = args.json
    ? `${JSON.stringify(plan, null, 2)}\n`
    : human(plan, {
        all: args.all,
        colour: showsColour(),
        width: process.stdout.columns ?? 100,
        written,
        cost: priced(plan),
      });
  process.stdout.write(text);
  return violated ? EXIT.violated : EXIT.clean;
}

/** The report as a page. Its layout takes a second, so it is only loaded for `--out`. */
async function pageOf(plan: Plan, keys: StackKeys, root: string): Promise<string> {
  const [{ page }, { traceOf }] = await Promise.all([
    import("./report/page/page.js"),
    import("./report/trace.js"),
  ]);
  return page(plan, { keys, trace: traceOf(root, plan.resources), cost: rowsOf(estimate(root, plan, keys)) });
}

/** Starts the preview to compare with, if the command line requests it. */
function otherPlan({ stack, against, againstStack }: Arguments, root: string): Other | undefined {
  if (against !== undefined) return planAt(root, stack, against);
  return againstStack === undefined ? undefined : planOf(root, stack, againstStack);
}

async function differenceFrom(
  other: Other,
  plan: Plan,
  args: Arguments,
  priced: (plan: Plan, by?: StackKeys) => Estimate | undefined,
): Promise<DifferenceDocument> {
  const before = await other.plan;
  // Each by its own stack file: the hours of a night schedule are in no plan.
  const [was, is] = [rowsOf(priced(before, other.keys)), rowsOf(priced(plan))];
  return differenceOf(before, plan, {
    name: other.name,
    sameStack: args.against !== undefined,
    accepted: args.accept,
    cost: was === undefined || is === undefined ? undefined : { before: was, after: is },
  });
}

/** Rows of an estimate; undefined if there is none. */
const rowsOf = (estimate: Estimate | undefined) =>
  estimate !== undefined && "rows" in estimate ? estimate.rows : undefined;

function differenceText(difference: DifferenceDocument, { json, markdown }: Arguments): string {
  if (json) return `${JSON.stringify(difference, null, 2)}\n`;
  return markdown ? markdownDifference(difference) : humanDifference(difference, showsColour());
}

/** Whether to use colour: as the terminal can, unless NO_COLOR or FORCE_COLOR says otherwise. */
function showsColour(): boolean {
  const { NO_COLOR = "", FORCE_COLOR } = process.env;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return process.stdout.isTTY && NO_COLOR === "";
}
