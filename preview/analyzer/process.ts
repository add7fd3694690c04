import { spawn, type ChildProcess } from "node:child_process";

/** The pack didn't start, or broke down. */
export class PackError extends Error {
  override name = "PackError";
}

/** Milliseconds in which a pack must be up. */
const START_TIMEOUT = 60_000;

/** A pack's own process. It ends with this one, however that ends (but for `kill -9`). */
export class PackProcess {
  /** The port that the pack's analyzer listens on; rejects with {@link PackError}. */
  readonly port: Promise<number>;
  private readonly child: ChildProcess;
  private readonly onExit = (): void => void this.child.kill("SIGKILL");

  /** Starts the pack in `folder` as the engine does: that folder is the working directory. */
  constructor(folder: string) {
    const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    // The pack reports to no engine: nothing listens on that address.
    const args = [runner, "127.0.0.1:1", folder];
    this.child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    process.once("exit", this.onExit);
    this.port = readPort(this.child);
    this.port.catch(() => undefined);
  }

  /** Ends the process; safe to call more than once. */
  kill(): void {
    process.removeListener("exit", this.onExit);
    this.onExit();
  }
}

/** Reads the port, which is the first thing that a pack prints. */
function readPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let [printed, complaint] = ["", ""];
    const fail = (why: string) => {
      clearTimeout(timer);
      reject(new PackError(`The policy pack didn't start: ${why}\n${complaint.trim()}`.trim()));
    };
    // While a large program runs, nothing is read: what has been printed by now is seen before the verdict.
    const late = () => setImmediate(() => fail(`it printed no port in ${START_TIMEOUT / 1000} s`));
    const timer = setTimeout(late, START_TIMEOUT);
    child.stderr?.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
    child.stdout?.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      const port = /^(\d+)\r?\n/.exec(printed)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
    child.once("error", ({ message }) => fail(message));
    child.once("close", (code) => fail(`its process ended with code ${code ?? "none"}`));
  });
}
