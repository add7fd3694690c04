import { isUtf8 } from "node:buffer";
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

import { RunError } from "@pulumi/pulumi";
import { parse } from "yaml";

import { ConfigError } from "../config/reading/errors";
import { readStackFile, type StackConfig } from "./stack-file";
import { allStacksOf, missingStack, placeOf, stacksOf } from "./stacks";

/** A project and one of its stacks, from their files. */
export interface ProjectStack extends StackConfig {
  project: string;
  stack: string;
}

/**
 * Reads the stack that a command line names, of the repository's own project or of one in a folder of it.
 *
 * @throws RunError with what to do if there is none, or its files can't be read.
 */
export function loadNamedStack(root: string, name: string): ProjectStack {
  const { folder, stack } = placeOf(root, name);
  const known = allStacksOf(root);
  if (!known.includes(name) && !existsSync(join(folder, `Pulumi.${stack}.yaml`)))
    throw new RunError(missingStack(name, known));
  return loadProjectStack(folder, stack, folder === root ? "" : `${relative(root, folder)}/`);
}

/**
 * Reads `Pulumi.yaml` and `Pulumi.<stack>.yaml` in `root`.
 *
 * @param shown the folder in messages, from the repository's root, with a slash at its end. Default: that root itself.
 * @throws RunError with what to do if one of them is missing or can't be read.
 */
export function loadProjectStack(root: string, stack: string, shown = ""): ProjectStack {
  const project = readProjectName(root, shown);
  const path = join(root, `Pulumi.${stack}.yaml`);
  const file = `${shown}Pulumi.${stack}.yaml`;
  if (!existsSync(path)) throw new RunError(missingStack(stack, stacksOf(root)));
  const read = readStackFile(textOf(path, file), { file, project });
  const owners = Object.keys(read.config).map((key) => key.replace(/:.*/s, ""));
  const [other, ...more] = new Set(owners.filter((name) => name !== "pulumi"));
  if (other !== undefined && more.length === 0 && other !== project)
    throw new RunError(
      `${shown}Pulumi.yaml names the project ${JSON.stringify(project)}, but every key of ${file} starts with ${other}:. Set \`name: ${other}\` in ${shown}Pulumi.yaml, or rename the keys.`,
    );
  return { project, stack, ...read };
}

function bytesOf(path: string, file: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RunError(`${file} can't be read: ${why}.`);
  }
}

/** Text of a stack file, which must be UTF-8: other encodings would be misread. */
function textOf(path: string, file: string): string {
  const bytes = bytesOf(path, file);
  if (isUtf8(bytes)) return new TextDecoder().decode(bytes);
  const text = bytes.toString("utf8");
  throw new ConfigError(file, [
    {
      path: "the file",
      line: text.slice(0, text.indexOf("\ufffd")).split("\n").length,
      found: "bytes that aren't UTF-8",
      expected: "UTF-8",
      remedy: "save the file as UTF-8",
    },
  ]);
}

/** The project's own keys of a stack file, decoded, without the project's prefix. */
export function keysOf({ project, config }: ProjectStack): Record<string, unknown> {
  const own = Object.entries(config).flatMap(([key, text]) =>
    key.startsWith(`${project}:`) ? [[key.slice(project.length + 1), decoded(text)] as const] : [],
  );
  return Object.fromEntries(own);
}

/** The engine passes objects and lists as JSON, and text unchanged. */
function decoded(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function readProjectName(root: string, shown: string): string {
  const path = join(root, "Pulumi.yaml");
  const file = `${shown}Pulumi.yaml`;
  if (!existsSync(path)) {
    throw new RunError("Pulumi.yaml doesn't exist here: run the preview in the project's folder.");
  }
  const project = parsed(bytesOf(path, file).toString("utf8"), file);
  if (typeof project !== "object" || project === null || !("name" in project)) {
    throw new RunError(`${file} has no project name: add a line \`name: …\`.`);
  }
  // Pulumi's own rule.
  if (typeof project.name !== "string" || !/^[\w.-]{1,100}$/.test(project.name)) {
    throw new RunError(
      `${file} has the project name ${JSON.stringify(project.name)}: use 1 to 100 letters, digits, - _ and ., in quotes if it looks like a number.`,
    );
  }
  if ("config" in project) {
    throw new RunError(
      `${file} has a \`config\` block, which the preview doesn't support: use the stack files.`,
    );
  }
  return project.name;
}

function parsed(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new RunError(
      `${file} isn't valid YAML: ${error instanceof Error ? error.message.trim() : String(error)}`,
    );
  }
}
