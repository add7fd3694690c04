import assert from "node:assert/strict";
import { describeFault } from "../../config/reading/errors";
import type { Document } from "yaml";
import { ConfigError } from "../../config";
import { settingsOf, type Stack } from "./frozen";
import type { Project } from "./project";

/** Edits of a stack file, and the schema's faults for them. */

type Path = (string | number)[];

/** Path into a stack file: `plinth:` and a dotted path below it. */
const at = (dotted: string): Path => {
  const [key = "", ...rest] = dotted.split(".");
  return ["config", `plinth:${key}`, ...rest.map((part) => (/^\d+$/.test(part) ? Number(part) : part))];
};

/** Sets the value at `plinth:` and a dotted path. */
export const set = (dotted: string, value: unknown) => (file: Document) =>
  file.setIn(at(dotted), file.createNode(value));
/** Removes the value at `plinth:` and a dotted path. */
export const drop = (dotted: string) => (file: Document) => void file.deleteIn(at(dotted));

/** The unquoted value, as YAML parses it. */
export const unquoted = (dotted: string, source: string) => (file: Document) => {
  const scalar = file.createNode(0);
  Object.assign(scalar, {
    value: Number.isNaN(Number(source)) ? source : Number(source),
    source,
    type: "PLAIN",
  });
  file.setIn(at(dotted), scalar);
};

/** The faults of a stack file after an edit; fails if there are none. */
export const faultsOf = (stack: Stack, edit: (file: Document) => void, now?: Date) =>
  faultsIn({ settingsOf }, stack, edit, now);

/** The same, of another project's stack file. */
export async function faultsIn(
  project: Pick<Project, "settingsOf">,
  stack: Stack,
  edit: (file: Document) => void,
  now?: Date,
) {
  try {
    await project.settingsOf(stack, edit, now);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  return assert.fail("the settings were accepted");
}

/** An edit of prod's stack file that is refused: path of the fault without the project's name, and part of its text. */
export interface Refusal {
  readonly what: string;
  readonly edit: (file: Document) => void;
  readonly path: string;
  readonly says: RegExp;
}

/** A test for each edit that must be refused. */
export function itRefuses(cases: readonly Refusal[]): void {
  for (const { what, edit, path, says } of cases)
    it(`refuses ${what}`, async () => {
      const error = await faultsOf("prod", edit);
      const fault = error.faults.find((each) => each.path === `plinth:${path}`);
      assert.ok(fault, `no fault at ${path} in:\n${error.message}`);
      assert.match(describeFault(error.file, fault), says);
    });
}
