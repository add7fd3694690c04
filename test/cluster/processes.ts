import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { UserError } from "./errors";

/** Number of lines shown from the end of a dead process's log. */
const TAIL_LINES = 15;

/** A running program, of the control plane or next to it. */
export class Program {
  readonly name: string;
  private readonly child: ChildProcess;
  private readonly log: string;
  private stopping = false;
  /** Rejects when the program exits without being stopped; never resolves. */
  readonly died: Promise<never>;

  /** @param env Environment variables in addition to this process's own. */
  constructor(
    command: string,
    args: readonly string[],
    folder: string,
    env: Readonly<Record<string, string>> = {},
  ) {
    this.name = basename(command);
    this.log = join(folder, `${this.name}.log`);
    const file = openSync(this.log, "a");
    this.child = spawn(command, args, {
      stdio: ["ignore", file, file],
      cwd: folder,
      env: { ...process.env, ...env },
    });
    closeSync(file);
    this.died = new Promise((_, reject) => {
      this.child.once("error", (error) => reject(this.failure(`could not be started: ${error.message}`)));
      this.child.once("exit", (code, signal) => {
        if (!this.stopping) reject(this.failure(`ended midway (${signal ?? `exit code ${code}`})`));
      });
    });
    // Prevents an unhandled rejection before a caller races against it.
    this.died.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Sends a signal, such as to reload the configuration. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Stops the program with SIGTERM, and after five seconds with SIGKILL. Resolves when it has exited. */
  async stop(): Promise<void> {
    this.stopping = true;
    if (!this.isRunning()) return;
    const gone = new Promise<void>((resolve) => this.child.once("exit", () => resolve()));
    this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 5_000);
    await gone;
    clearTimeout(timer);
  }

  /** For the exit handler of the process, which can't wait. */
  killNow(): void {
    this.stopping = true;
    if (this.isRunning()) this.child.kill("SIGKILL");
  }

  failure(what: string): UserError {
    const tail = readFileSync(this.log, "utf8").trimEnd().split("\n").slice(-TAIL_LINES);
    return new UserError(
      [`${this.name} ${what}; the end of its log:`, ...tail.map((line) => `  ${line}`)].join("\n"),
    );
  }

  private isRunning(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }
}

/** Calls `probe` until it no longer throws, as long as the program runs. */
export async function untilReady(
  program: Program,
  probe: () => Promise<unknown>,
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      // Check for death first, or a probe that fails at once would hide it.
      await Promise.race([program.died, Promise.resolve().then(probe)]);
      return;
    } catch (error) {
      if (error instanceof UserError) throw error;
      if (Date.now() > deadline) {
        const seconds = timeoutMs / 1000;
        throw program.failure(
          `was not ready within ${seconds} s (${error instanceof Error ? error.message : ""})`,
        );
      }
    }
    await sleep(100);
  }
}

/** Free loopback ports, all different. Another process may take one before it is used. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Throws a UserError if the port is in use, before a program fails because of that. */
export async function requireFree(port: number, forWhat: string): Promise<void> {
  try {
    const server = await listen(port);
    await new Promise((resolve) => server.close(resolve));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new UserError(
      `Port ${port} on 127.0.0.1, meant for ${forWhat}, can't be used (${code}): ` +
        "end what listens there, or leave the port to be picked",
    );
  }
}

function listen(port: number): Promise<ReturnType<typeof createServer>> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}
