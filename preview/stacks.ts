import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { nearest } from "../config/reading/spelling";

const STACK_FILE = /^Pulumi\.(?<stack>[^.]+)\.yaml$/;

/** The stacks of the project in `root`, sorted: one per `Pulumi.<stack>.yaml`. */
export function stacksOf(root: string): string[] {
  return readdirSync(root)
    .flatMap((file) => STACK_FILE.exec(file)?.groups?.stack ?? [])
    .sort();
}

/** A stack of a repository: of the project at its root, or of one in a folder of its own. */
export interface StackPlace {
  /** Folder of the project. */
  readonly folder: string;
  /** The stack's own name. */
  readonly stack: string;
}

/**
 * Message about a stack that doesn't exist.
 *
 * @param known the stacks that there are
 */
export function missingStack(name: string, known: readonly string[]): string {
  const [, project = "", stack = ""] = /^(?:(.*)\/)?(.*)$/.exec(name) ?? [];
  // The file's name stands for its stack.
  const bare = STACK_FILE.exec(stack)?.groups?.stack ?? stack.replace(/\.yaml$/, "");
  const meant = nearest(project === "" ? bare : `${project}/${bare}`, known);
  const suggestion = meant === undefined ? "" : ` Did you mean ${meant}?`;
  const stacks = known.length > 0 ? `The stacks are ${known.join(", ")}.` : "There are no stack files yet.";
  // Pulumi's own rule for the names of stacks.
  if (!/^[\w.-]+$/.test(stack) || stack.endsWith(".yaml") || project.includes(".."))
    return `There is no stack ${JSON.stringify(name)}. ${stacks}${suggestion}`;
  const file = `${project === "" ? "" : `${project}/`}Pulumi.${stack}.yaml`;
  return `${file} doesn't exist. ${stacks}${suggestion} Use one of them, or create the file.`;
}

/** The stack that a command line names: `prod`, or `foundation/prod` for the project in the folder `foundation`. */
export function placeOf(root: string, name: string): StackPlace {
  const [, project, stack] = /^([\w-]+)\/([^/]+)$/.exec(name) ?? [];
  return project !== undefined && stack !== undefined && existsSync(join(root, project, "Pulumi.yaml"))
    ? { folder: join(root, project), stack }
    : { folder: root, stack: name };
}

/** Every stack of the repository as a command line names it: those of the project at the root first. */
export function allStacksOf(root: string): string[] {
  const projects = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, "Pulumi.yaml")))
    .map(({ name }) => name)
    .sort();
  return [
    ...stacksOf(root),
    ...projects.flatMap((project) => stacksOf(join(root, project)).map((stack) => `${project}/${stack}`)),
  ];
}
