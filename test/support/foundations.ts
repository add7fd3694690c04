import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument, type Document } from "yaml";
import { loadFoundation, type FoundationSettings } from "../../config";
import { foundation } from "../../foundation/foundation";
import { previewProgram, type Recording, type RunOptions } from "../../preview/run-program";
import { readStackFile } from "../../preview/stack-file";
import { quietly } from "./project";

const folder = join(__dirname, "../../foundation");
const project = "plinth-foundation";

/** The foundation's stacks, sorted: one an account. */
export const foundations: readonly string[] = readdirSync(folder)
  .flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [])
  .sort();

type Edit = (file: Document) => void;

/** Text of a stack file, with an edit made to it. */
const textOf = (stack: string, edit?: Edit): string => {
  const document = parseDocument(readFileSync(join(folder, `Pulumi.${stack}.yaml`), "utf8"));
  edit?.(document);
  return document.toString();
};

/** What a foundation registers, with an edit of its stack file. */
export async function foundationWith(
  stack: string,
  edit?: Edit,
  options: Pick<RunOptions, "outputsOf"> = {},
): Promise<{ recording: Recording; settings: FoundationSettings }> {
  const text = textOf(stack, edit);
  const files = Object.fromEntries(
    foundations.map((name) => [name, name === stack ? text : textOf(name)] as const),
  );
  let settings: FoundationSettings | undefined;
  const recording = await previewProgram(
    () => {
      settings = quietly(() => loadFoundation(files));
      return foundation(settings);
    },
    {
      project,
      stack,
      ...options,
      ...readStackFile(text, { file: `foundation/Pulumi.${stack}.yaml`, project }),
    },
  );
  if (settings === undefined) throw new Error("the program did not run");
  return { recording, settings };
}

/** What the foundation of an account registers, by the account's id. */
export function foundationIn(account: string): ReturnType<typeof foundationWith> {
  const idOf = (stack: string): unknown =>
    parseDocument(textOf(stack)).getIn(["config", `${project}:account`, "id"]);
  const name = foundations.find((each) => idOf(each) === account);
  return foundationOf(name ?? assert.fail(`no foundation/Pulumi.<name>.yaml is of account ${account}`));
}

const recordings = new Map<string, ReturnType<typeof foundationWith>>();

/** What a foundation registers. Each runs once. */
export function foundationOf(stack: string): ReturnType<typeof foundationWith> {
  const known = recordings.get(stack) ?? foundationWith(stack);
  recordings.set(stack, known);
  return known;
}
