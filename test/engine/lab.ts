import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fakeAws, startApiServer, type ApiServer } from "../support/api-server";
import { installPlugins } from "./plugins";

/** A temporary folder with the plugins, which is removed whenever and however the process ends. */
export class Lab {
  readonly root = fs.mkdtempSync(path.join(os.tmpdir(), "plinth-engine-"));
  readonly home = path.join(this.root, "home");
  /** Folder of commands that replace those of the machine. */
  readonly commands = path.join(this.root, "commands");
  /** Environment variables of the CLI in all environments. */
  readonly variables: Record<string, string> = {};
  private server: ApiServer | undefined;
  /** Whether the test was interrupted: failures after that mean nothing. */
  interrupted = false;
  private readonly children = new Set<ChildProcess>();

  /** @param project The repository. */
  constructor(readonly project: string) {
    process.once("exit", () => this.remove());
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.once(signal, () => void this.interrupt(signal));
    fs.mkdirSync(this.home);
    fakeAws(this.commands);
  }

  get modules(): string {
    return path.join(this.project, "node_modules");
  }

  installPlugins(): void {
    installPlugins(this.home, this.modules);
  }

  /** Starts the API server of all clusters in the lab. It accepts every request. */
  async startApiServer(): Promise<void> {
    this.server = await startApiServer(() => 200);
  }

  /** Its address. */
  get apiServer(): string {
    return this.server?.url ?? "";
  }

  /** Registers a process that must be stopped when the test ends. */
  watch(child: ChildProcess): void {
    this.children.add(child);
    child.once("close", () => this.children.delete(child));
  }

  remove(): void {
    for (const child of this.children) child.kill("SIGKILL");
    this.server?.stop();
    fs.rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }

  private async interrupt(signal: "SIGINT" | "SIGTERM" | "SIGHUP"): Promise<void> {
    this.interrupted = true;
    process.stderr.write(`test:engine: ended by ${signal}\n`);
    await Promise.all([...this.children].map(end));
    process.exit(128 + os.constants.signals[signal]);
  }
}

/** Time that an interrupted CLI has to stop its plugins, in milliseconds. */
const grace = 10_000;

/** Interrupts a CLI as its user would, so that it stops its plugins. SIGKILL would leave them running. */
export async function end(child: ChildProcess): Promise<void> {
  const closed = once(child, "close");
  child.kill("SIGINT");
  const timer = setTimeout(() => child.kill("SIGKILL"), grace);
  await closed;
  clearTimeout(timer);
}
