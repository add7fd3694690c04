import { readFileSync } from "node:fs";
import { join } from "node:path";

import { PolicyPack } from "../analyzer/pack";
import { PackModule } from "../analyzer/module";
import { previewProgram } from "../run-program";
import { speedUp } from "../sdk/speed";
import { document } from "../report/json";
import { readStackFile } from "../stack-file";
import { program } from "./program";

/** The stack whose systems are copied: the largest one. */
const source = { project: "plinth", stack: "prod", file: "Pulumi.prod.yaml" };

/** Previews a number of copies of the systems, policies and report included; prints the number of resources. */
export async function main(root: string, copies: number): Promise<void> {
  Error.stackTraceLimit = 0;
  speedUp(new Set());
  const stack = { ...source, ...readStackFile(readFileSync(join(root, source.file), "utf8"), source) };
  const pack = new PolicyPack(new PackModule(join(root, "policies")), stack);
  const run = { ...stack, onRegistration: pack.analyze.bind(pack) };
  const recording = await previewProgram(() => program(copies), run);
  const verdicts = await pack.finish([...recording.resources.values()]);
  process.stdout.write(JSON.stringify(document(stack.stack, recording, verdicts)));
}
