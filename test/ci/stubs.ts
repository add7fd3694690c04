import { execFile, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { needs } from "../support/needs";

/** Runs the scripts of `.ci` with stubs for the commands they call. */

export const root = join(__dirname, "..", "..");

/** Skips a suite if a tool is missing that its script needs: only Node is always available. */
export function needsTools(suite: Mocha.Context, ...tools: readonly string[]): void {
  const lack = ["bash", ...tools].filter((tool) => spawnSync(tool, ["--version"]).error !== undefined);
  needs(suite, lack.length === 0 ? undefined : lack.join(", "));
}

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A stack's outputs as `pulumi stack output --json` prints them: its cluster in the region `r`, a second one's in `r2`. */
export function outputs(cluster: string, standby?: string): string {
  const of = (name: string, region: string) => ({
    clusterName: name,
    kubeconfigCommand: `aws eks update-kubeconfig --region ${region} --name ${name}`,
  });
  return JSON.stringify({
    ...of(cluster, "r"),
    ...(standby === undefined ? {} : { standby: of(standby, "r2") }),
  });
}

/** A folder with commands, which is first on the PATH, and with files that they read and write. */
export class Stubs {
  private made = "";

  /** The folder, once it exists. */
  get folder(): string {
    return this.made;
  }

  make(): void {
    this.made = mkdtempSync(join(tmpdir(), "plinth-ci-"));
  }

  /** A command as a bash script: `$HERE` is the folder. Each call is recorded with its arguments. */
  command(name: string, body: string): void {
    const file = join(this.folder, name);
    writeFileSync(
      file,
      `#!/usr/bin/env bash\nHERE=${this.folder}\necho "${name} $*" >> "$HERE/calls"\n${body}\n`,
    );
    chmodSync(file, 0o755);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  read(name: string): string {
    const file = join(this.folder, name);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  /** Recorded calls of the commands, in order. */
  get calls(): string[] {
    return this.read("calls").split("\n").filter(Boolean);
  }

  /** Runs a script of `.ci`. */
  run(
    script: string,
    args: readonly string[],
    { input = "", env = {} }: { input?: string; env?: Record<string, string> } = {},
  ): Promise<Answer> {
    return new Promise((resolve) => {
      const path = [this.folder, process.env.PATH].join(delimiter);
      const child = execFile(
        join(root, ".ci", script),
        args,
        { env: { ...process.env, PATH: path, HOME: this.folder, ...env }, cwd: root },
        (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err }),
      );
      // A script that reads nothing may have ended already.
      child.stdin?.on("error", () => undefined).end(input);
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Stubs for a suite, new for each of its tests. Skips the suite if a tool is missing that its script needs. */
export function stubsFor(...tools: readonly string[]): Stubs {
  const stubs = new Stubs();
  before(function () {
    needsTools(this, ...tools);
  });
  beforeEach(() => stubs.make());
  afterEach(() => stubs.remove());
  return stubs;
}
