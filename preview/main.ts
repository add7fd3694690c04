import { join } from "node:path";

import { PackError, type PackRunner } from "./analyzer/analyzer";
import { EXIT, parseArguments } from "./cli";
import { Usage } from "./command-line";
import { allStacksOf } from "./stacks";

/** Locations of the project and of its build. */
export interface Built {
  /** The repository: `policies/`, and the project or the folders of projects. */
  root: string;
  /** The folder that the command was given in: relative paths on the command line start there. */
  startedIn: string;
  /** Loads the program, which makes its resources; its exports are the stack's outputs. */
  program: () => unknown;
  /** Resolves when the policy pack is built. */
  pack: Promise<unknown>;
}

/**
 * The preview as a command: prints its report and returns the exit code. A mistake of the user's is one
 * message on standard error.
 */
export async function main(argv: readonly string[], built: Built): Promise<number> {
  const debug = argv.includes("--debug");
  // Stack traces are a third of the time that the SDK takes.
  if (!debug) Error.stackTraceLimit = 0;
  // Standard output is for the report: what the program or the SDK print goes to standard error.
  console.log = console.info = console.debug = console.error;
  let pack: PackRunner | undefined;
  try {
    const args = parseArguments(argv, allStacksOf(built.root));
    pack = await startPack(built, args.packProcess);
    // Loads the SDK.
    const { preview } = await import("./preview.js");
    return await preview(args, built, pack);
  } catch (error) {
    return await explain(error, debug);
  } finally {
    pack?.kill();
  }
}

/** Runs the pack in this process, or as the engine does in one of its own. Loads what it needs when it is needed. */
async function startPack({ root, pack }: Built, ownProcess: boolean): Promise<PackRunner> {
  try {
    await pack;
  } catch (error) {
    throw new PackError(`The policy pack can't be built: ${messageOf(error)}`, { cause: error });
  }
  const folder = join(root, "policies");
  if (ownProcess) return new (await import("./analyzer/process.js")).PackProcess(folder);
  return new (await import("./analyzer/module.js")).PackModule(folder);
}

/** Prints the error for the person who can fix it, and returns the exit code. */
async function explain(error: unknown, debug: boolean): Promise<number> {
  if (error instanceof Usage) {
    (error.exitCode === EXIT.clean ? process.stdout : process.stderr).write(error.message);
    return error.exitCode;
  }
  const { RunError } = await import("@pulumi/pulumi");
  if (error instanceof Error && RunError.isInstance(error)) {
    process.stderr.write(`${error.message}\n`);
    return EXIT.usage;
  }
  const named = error instanceof Error && (error.name === "ProgramError" || error.name === "PackError");
  const what = named ? messageOf(error) : `The program failed: ${messageOf(error)}`;
  const more = debug ? traceOf(error) : "Add --debug to see where.";
  process.stderr.write(`${what}\n${more}\n`);
  return EXIT.broken;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const cause = error.cause === undefined ? "" : `\nCaused by: ${traceOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
