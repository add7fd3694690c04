import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument, type Document } from "yaml";
import { loadSettings, type Settings } from "../../config";
import { previewProgram } from "../../preview/run-program";
import { readStackFile, type StackConfig } from "../../preview/stack-file";
import { catalog } from "../../systems";

/** The real stacks of the project. */
export const stacks = ["dev", "staging", "prod"] as const;
export type Stack = (typeof stacks)[number];

/** A day on which every engine of the stack files is still supported, whenever the tests run. */
export const today = new Date("2026-11-21T00:00:00Z");

/** Text of a stack file as it stands, with an edit made to it. */
export function stackText(stack: Stack, edit?: (file: Document) => void): string {
  const text = readFileSync(join(__dirname, "..", "..", `Pulumi.${stack}.yaml`), "utf8");
  if (edit === undefined) return text;
  const document = parseDocument(text);
  edit(document);
  return document.toString();
}

/** A stack's configuration as the engine would pass it. */
export const stackConfig = (stack: Stack, edit?: (file: Document) => void): StackConfig =>
  readStackFile(stackText(stack, edit), { file: `Pulumi.${stack}.yaml`, project: "plinth" });

/** Settings of a stack, decoded by the project's own schema. */
export const settingsOf = (stack: Stack, edit?: (file: Document) => void, now = today): Promise<Settings> =>
  settingsOfText(stack, stackText(stack, edit), now);

/** Settings of a stack file's text. Faults have their lines in it. */
export async function settingsOfText(stack: Stack, text: string, now = today): Promise<Settings> {
  let settings: Settings | undefined;
  const config = readStackFile(text, { file: `Pulumi.${stack}.yaml`, project: "plinth" });
  await previewProgram(() => void (settings = loadSettings(catalog, now, { [stack]: text })), {
    stack,
    ...config,
  });
  if (settings === undefined) throw new Error("the program did not run");
  return settings;
}
