import { CommanderError, type Command } from "commander";

/** A message to print before exiting: requested help, or an error in the command line. */
export class Usage extends Error {
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
  }
}

/** An error in the command line: what is wrong, and the usage. */
export const badUsage = (message: string, usage: string): Usage =>
  new Usage(`${message.trim().replace(/^error: /, "")}\n${usage}\n`, 2);

/**
 * Parses the command line into the command's arguments and options.
 *
 * @param usage the usage, for error messages
 * @throws Usage for `--help` (exit code 0) and for invalid arguments (exit code 2)
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
