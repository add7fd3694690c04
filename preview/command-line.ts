import { CommanderError, type Command } from "commander";

/** Nothing is to be done but to print a message and exit: help that was asked for, or a command line at fault. */
export class Usage extends Error {
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
  }
}

/** A command line at fault: what is wrong with it, and how to write it. */
export const badUsage = (message: string, usage: string): Usage =>
  new Usage(`${message.trim().replace(/^error: /, "")}\n${usage}\n`, 2);

/**
 * Reads the command line into the command's arguments and options.
 *
 * @param usage how to write it, for the messages
 * @throws Usage for `--help` (exit code 0) and for what isn't understood (exit code 2)
 */
export function readArguments(command: Command, argv: readonly string[], usage: string): void {
  let printed = "";
  const print = (text: string) => void (printed += text);
  try {
    command
      .configureOutput({ writeOut: print, writeErr: print })
      .exitOverride()
      .parse(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw error.exitCode === 0 ? new Usage(printed, 0) : badUsage(printed, usage);
  }
}
