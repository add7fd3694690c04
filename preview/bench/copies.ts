import { join } from "node:path";

import { PolicyPack } from "../analyzer/pack";
import { PackProcess } from "../analyzer/process";
import { previewProgram } from "../run-program";
import { document } from "../report/json";
import { program } from "./program";

/** Previews so many copies of the systems, policies and report included; prints how many resources those were. */
export async function main(root: string, copies: number): Promise<void> {
  Error.stackTraceLimit = 0;
  const stack = { project: "plinth", stack: "bench", config: {}, secretKeys: [] };
  const packProcess = new PackProcess(join(root, "policies"));
  try {
    const pack = new PolicyPack(packProcess, stack);
    const run = { ...stack, onRegistration: pack.analyze.bind(pack) };
    const recording = await previewProgram(() => program(copies), run);
    const verdicts = await pack.finish([...recording.resources.values()]);
    process.stdout.write(JSON.stringify(document(stack.stack, recording, verdicts)));
  } finally {
    packProcess.kill();
  }
}
