import { spawn } from "node:child_process";
import type { Environment } from "./environment";
import { end } from "./lab";
import { readLines, type EngineEvent } from "./events";
import type { Note } from "./providers/service";

/** Result of one command of the CLI. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
  events: EngineEvent[];
  notes: Note[];
  seconds: number;
}

export interface Options {
  /** Name of the command in the lab's files. */
  name: string;
  /** Folder of the policy pack, inside the project. */
  policies?: string | undefined;
}

/** The CLI for one environment. */
export class Pulumi {
  constructor(
    private readonly file: string,
    private readonly environment: Environment,
    /** Timeout of a command in milliseconds. */
    private readonly patience = 5 * 60_000,
  ) {}

  /** Creates the stack, with a secrets provider that needs no account. */
  init(): Promise<Outcome> {
    return this.run(["stack", "init", this.environment.stack, "--secrets-provider", "passphrase"], {
      name: "init",
    });
  }

  preview(options: Options, ...more: string[]): Promise<Outcome> {
    return this.operation("preview", options, more);
  }

  up(options: Options, ...more: string[]): Promise<Outcome> {
    return this.operation("up", options, ["--yes", "--skip-preview", ...more]);
  }

  /** Removes the protection of one resource, in the state only. */
  unprotect(urn: string): Promise<Outcome> {
    const args = ["state", "unprotect", urn, "--stack", this.environment.stack, "--yes"];
    return this.run(args, { name: "unprotect-one" });
  }

  /**
   * Destroys everything; policies don't apply.
   *
   * @param more `--skip-preview` saves time, but then the engine deletes unprotected resources before it refuses to
   *   delete a protected one.
   */
  destroy({ name }: Options, ...more: string[]): Promise<Outcome> {
    return this.operation("destroy", { name }, ["--yes", ...more]);
  }

  private operation(verb: string, options: Options, more: string[]): Promise<Outcome> {
    const events = this.environment.events(options.name);
    const pack = options.policies === undefined ? [] : ["--policy-pack", options.policies];
    const stack = ["--stack", this.environment.stack];
    return this.run(
      [verb, ...stack, "--event-log", events, "--suppress-progress", ...pack, ...more],
      options,
    );
  }

  private run(args: string[], { name }: Options): Promise<Outcome> {
    const started = Date.now();
    const { environment, patience } = this;
    const { folder, lab } = environment;
    const env = environment.variables(name);
    // In its own session: a key press that interrupts the test reaches the CLI once, through the lab.
    const child = spawn(this.file, [...args, "--non-interactive", "--color", "never"], {
      cwd: folder,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    lab.watch(child);
    const output = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const)
      child[stream].setEncoding("utf8").on("data", (text: string) => (output[stream] += text));
    const timer = setTimeout(() => {
      output.stderr += `\n${args[0]} took longer than ${patience / 1000} s and was stopped`;
      void end(child);
    }, patience);
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        clearTimeout(timer);
        if (lab.interrupted) return;
        const seconds = (Date.now() - started) / 1000;
        const files = {
          events: readLines<EngineEvent>(environment.events(name)),
          notes: readLines<Note>(environment.notes(name)),
        };
        resolve({ code: code ?? 1, ...output, ...files, seconds });
      });
    });
  }
}
