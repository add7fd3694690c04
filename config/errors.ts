import * as pulumi from "@pulumi/pulumi";

/** One thing wrong with a configuration file, worded for the person who has to mend it. */
export interface Fault {
  /** Where in the file: `plinth:network.cidr`. */
  path: string;
  /** What was found there, as written, shortened. */
  found: string;
  /** What is allowed, or what to do. */
  expected: string;
}

/**
 * Every fault of one configuration file, in one message.
 *
 * A `RunError`, so that the CLI prints the message without a stack trace.
 */
export class ConfigError extends pulumi.RunError {
  constructor(
    readonly file: string,
    readonly faults: readonly Fault[],
  ) {
    super(message(file, faults));
  }
}

function message(file: string, faults: readonly Fault[]): string {
  const lines = faults.map(({ path, found, expected }) => `  ${path}: found ${found}; ${expected}`);
  const noun = faults.length === 1 ? "fault" : "faults";
  return [`${file} has ${faults.length} ${noun}; nothing was deployed.`, ...lines].join("\n");
}
