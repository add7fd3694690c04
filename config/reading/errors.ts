import * as pulumi from "@pulumi/pulumi";

/** One fault of a stack file, in words for the person who has to correct it. */
export interface Fault {
  /** Where in the file: `plinth:network.cidr`. */
  path: string;
  /** What was found there, as written, shortened. */
  found: string;
  /** What is allowed there. */
  expected: string;
  /** What to do. Default: change the value. */
  remedy?: string;
  /** Line of the file, from 1, if known. */
  line?: number;
}

/** A fault as one line of text: file and line, path, what was found, what is allowed, what to do. */
export function describeFault(file: string, { path, found, expected, remedy, line }: Fault): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return `${place}: ${path}: found ${found}; allowed is ${expected}; to do: ${remedy ?? "change the value"}.`;
}

/**
 * Every fault of one stack file, in one message.
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
  const lines = faults.map((fault) => `  ${describeFault(file, fault)}`);
  const noun = faults.length === 1 ? "fault" : "faults";
  return [`${file} has ${faults.length} ${noun}; nothing was deployed.`, ...lines].join("\n");
}
