import { PolicyPack } from "./analyzer/pack";
import type { PackRunner } from "./analyzer/analyzer";
import { EXIT, type Arguments } from "./cli";
import type { Built } from "./main";
import { loadProjectStack } from "./project";
import { writeFolder } from "./report/folder";
import { human } from "./report/human";
import { document } from "./report/json";
import { previewProgram } from "./run-program";
import { speedUp } from "./sdk-speed";

/** Runs the program, asks the pack, prints the report; returns the exit code. */
export async function preview(args: Arguments, built: Built, runner: PackRunner): Promise<number> {
  const stack = loadProjectStack(built.root, args.stack);
  const asItIs = speedUp(new Set(args.without));
  if (args.debug && asItIs !== undefined) console.error(asItIs);
  const pack = new PolicyPack(runner, stack);
  const recording = await previewProgram(built.program, { ...stack, onRegistration: (r) => pack.analyze(r) });
  const verdicts = await pack.finish([...recording.resources.values()]);
  const plan = document(stack.stack, recording, verdicts);
  const written = args.out === undefined ? undefined : writeFolder(args.out, plan, recording);
  const colour = process.stdout.isTTY && (process.env.NO_COLOR ?? "") === "";
  const text = args.json
    ? `${JSON.stringify(plan, null, 2)}\n`
    : human(plan, { all: args.all, colour, written });
  process.stdout.write(text);
  return plan.violations.some(({ level }) => level === "mandatory") ? EXIT.violated : EXIT.clean;
}
