import { isUtf8 } from "node:buffer";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { RunError } from "@pulumi/pulumi";
import { parse } from "yaml";

import { ConfigError } from "../config/errors";
import { readStackFile, type StackConfig } from "./stack-file";
import { stacksOf } from "./stacks";

/** A project and one of its stacks, from their files. */
export interface ProjectStack extends StackConfig {
  project: string;
  stack: string;
}

/**
 * Reads `Pulumi.yaml` and `Pulumi.<stack>.yaml` in `root`.
 *
 * @throws RunError with what to do if one of them is missing or can't be read.
 */
export function loadProjectStack(root: string, stack: string): ProjectStack {
  const project = readProjectName(root);
  const file = `Pulumi.${stack}.yaml`;
  if (!existsSync(join(root, file))) {
    const stacks = stacksOf(root);
    const known = stacks.length > 0 ? `the stacks are ${stacks.join(", ")}` : "there are no stack files yet";
    throw new RunError(`${file} doesn't exist: ${known}. Use one of them, or create the file.`);
  }
  return { project, stack, ...readStackFile(textOf(join(root, file), file), { file, project }) };
}

/** Text of a stack file, which must be UTF-8: other encodings would be misread. */
function textOf(path: string, file: string): string {
  const bytes = readFileSync(path);
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

function readProjectName(root: string): string {
  const path = join(root, "Pulumi.yaml");
  if (!existsSync(path)) {
    throw new RunError("Pulumi.yaml doesn't exist here: run the preview in the project's folder.");
  }
  const project: unknown = parse(readFileSync(path, "utf8"));
  if (typeof project !== "object" || project === null || !("name" in project)) {
    throw new RunError("Pulumi.yaml has no project name: add a line `name: …`.");
  }
  if ("config" in project) {
    throw new RunError(
      "Pulumi.yaml has a `config` block, which the preview doesn't support: use the stack files.",
    );
  }
  return String(project.name);
}
