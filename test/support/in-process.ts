/** What a command printed, and its exit code. */
export interface Printed {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Write = typeof process.stdout.write;

/** Runs a command's `main` in this process, which takes a tenth of the time of a process of its own. */
export async function printedBy(main: () => Promise<number>): Promise<Printed> {
  const streams = { stdout: process.stdout, stderr: process.stderr };
  const printed = { stdout: "", stderr: "" };
  const writes = { stdout: streams.stdout.write, stderr: streams.stderr.write };
  for (const name of ["stdout", "stderr"] as const)
    streams[name].write = ((text: string | Uint8Array) => {
      printed[name] += String(text);
      return true;
    }) as Write;
  try {
    return { status: await main(), ...printed };
  } finally {
    for (const name of ["stdout", "stderr"] as const) streams[name].write = writes[name];
  }
}
